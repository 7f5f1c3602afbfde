// Forms of a web site: requests for a design, and to be told when a product is back in stock. Anybody may post them, so each
// address may so often only, and nothing of what is posted is shown again.
import express, { type Request, type Response } from 'express';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { PlanbridgeError } from '../../errors.ts';
import type { Api } from '../../http/api.ts';
import { escapeHtml } from '../../http/html.ts';
import type { Store } from '../../store/database.ts';
import type { FormSettings } from '../settings.ts';
import { addDesignRequest, addStockRequest } from './store.ts';

export interface FormRoutesOptions {
  api: Api;
  store: Store;
  settings: FormSettings;
  now: () => number;
}

const TAG = 'Forms';
const HOUR_MS = 3_600_000;
const LIMIT = '32kb';
const ADDRESSES = 20_000;
/** Fields beside those that are known. */
const MOST_DETAILS = 30;

const line = (most: number) =>
  z
    .string()
    .trim()
    .max(most, 'is too long')
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'holds characters that it may not');
const email = line(254).regex(/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]{2,}$/, 'is no mail address');
const DesignForm = z
  .object({
    name: line(200).min(1, 'is missing'),
    email,
    phone: line(60)
      .regex(/^[\d\s().+/-]*$/, 'is no telephone number')
      .default(''),
  })
  .catchall(
    z
      .string()
      .trim()
      .max(4_000, 'is too long')
      .refine((text) => !text.includes('\u0000'), 'holds characters that it may not'),
  );
const StockForm = z.object({ email, name: line(200).default(''), product: line(120).min(1, 'is missing') });

export const FORM_PATHS = { design: '/forms/design-request', stock: '/forms/back-in-stock' };

export function addFormRoutes({ api, store, settings, now }: FormRoutesOptions): void {
  const counts = new LRUCache<string, { count: number; until: number }>({ max: ADDRESSES });
  const parsers = [express.json({ limit: LIMIT }), express.urlencoded({ limit: LIMIT, extended: false })];
  const origins = new Set(settings.origins);

  for (const path of Object.values(FORM_PATHS)) {
    api.router.options(path, (request, response) => {
      allowOrigin(request, response);
      response.setHeader('Access-Control-Allow-Methods', 'POST');
      response.setHeader('Access-Control-Allow-Headers', 'Content-Type');
      response.setHeader('Access-Control-Max-Age', '600');
      response.status(204).end();
    });
  }

  function allowOrigin(request: Request, response: Response): void {
    const origin = request.get('origin');
    response.vary('Origin');
    if (origin !== undefined && origins.has(origin)) response.setHeader('Access-Control-Allow-Origin', origin);
  }

  /** @throws PlanbridgeError PB_AUTH_FORBIDDEN, PB_REQUEST_TOO_MANY, PB_REQUEST_BODY */
  async function read<S extends z.ZodType>(request: Request, response: Response, schema: S): Promise<z.output<S>> {
    allowOrigin(request, response);
    const origin = request.get('origin');
    if (origin !== undefined && !origins.has(origin) && origin !== `${request.protocol}://${request.get('host')}`) {
      throw new PlanbridgeError('PB_AUTH_FORBIDDEN', 403, 'This web site may not post forms here.', {
        remedy: 'An operator allows it in the settings file, under forms.origins.',
      });
    }
    countIn(request.ip ?? '');
    for (const parser of parsers) {
      await new Promise<void>((resolve, reject) => {
        parser(request, response, (error?: unknown) => {
          if (!error) return resolve();
          reject(new PlanbridgeError('PB_REQUEST_BODY', 400, `The form cannot be read: ${(error as Error).message}`));
        });
      });
    }
    const parsed = schema.safeParse(request.body ?? {});
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new PlanbridgeError('PB_REQUEST_BODY', 400, `${problems.slice(0, 10).join('; ')}.`);
  }

  function countIn(address: string): void {
    const at = now();
    const known = counts.get(address);
    const entry = known && known.until > at ? known : { count: 0, until: at + HOUR_MS };
    if (entry.count >= settings.perHour) {
      throw new PlanbridgeError('PB_REQUEST_TOO_MANY', 429, 'Too many forms came from this address.', {
        remedy: 'Try again later.',
        retryAfterSeconds: Math.ceil((entry.until - at) / 1_000),
      });
    }
    entry.count += 1;
    counts.set(address, entry);
  }

  function answer(request: Request, response: Response, taken: boolean, message: string): object | undefined {
    if (request.accepts(['json', 'html']) !== 'html') return { taken, message };
    if (settings.thanks !== null) response.redirect(303, settings.thanks);
    else {
      response
        .type('html')
        .send(`<!doctype html><meta charset="utf-8"><title>Thank you</title><p>${escapeHtml(message)}</p>`);
    }
    return undefined;
  }

  api.route(
    {
      method: 'post',
      path: FORM_PATHS.design,
      tag: TAG,
      summary: 'A request for a design: name, email, phone, and whatever else the form asks',
      role: 'anyone',
      takes: ['application/json', 'application/x-www-form-urlencoded'],
      otherSites: true,
      answer: z.object({ taken: z.boolean(), message: z.string() }),
    },
    async ({ request, response }) => {
      const { name, email, phone, ...details } = await read(request, response, DesignForm);
      const kept = Object.fromEntries(
        Object.entries(details)
          .filter(([field, value]) => value !== '' && /^[\w -]{1,60}$/.test(field))
          .slice(0, MOST_DETAILS),
      );
      const taken = await addDesignRequest(store, { name, email: email.toLowerCase(), phone, details: kept }, now());
      const message = taken
        ? 'Thank you. We have your request and will be in touch.'
        : 'Thank you. We have this request already and will be in touch.';
      return answer(request, response, taken, message);
    },
  );

  api.route(
    {
      method: 'post',
      path: FORM_PATHS.stock,
      tag: TAG,
      summary: 'Tell me when it is back in stock: email, product (internal reference or number), name',
      role: 'anyone',
      takes: ['application/json', 'application/x-www-form-urlencoded'],
      otherSites: true,
      answer: z.object({ taken: z.boolean(), message: z.string() }),
    },
    async ({ request, response }) => {
      const form = await read(request, response, StockForm);
      const taken = await addStockRequest(store.query, form, now());
      const message = taken
        ? 'Thank you. We will tell you when it is back in stock.'
        : 'You have already signed up to hear about this product. We will tell you when it is back in stock.';
      return answer(request, response, taken, message);
    },
  );
}
