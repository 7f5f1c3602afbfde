// Text messages through Twilio's Messages API. It takes no key of ours, so after an answer that leaves it open whether a message was
// taken it looks among the messages to that number for this text, before it sends again. It never decides who gets a message.
import { setTimeout as sleep } from 'node:timers/promises';
import { parsePhoneNumber } from 'awesome-phonenumber';
import { z } from 'zod';
import { parseRetryAfter, pauseMs } from '../../connector/odoo/retry.ts';
import type { PlanbridgeError } from '../../errors.ts';
import type { EngineDefinition } from './engines.ts';
import { askHttp, type HttpAnswer, refused, saidBy, Unanswered, unreachable } from './http.ts';

export interface SmsMessage {
  /** E.164: `+15558675310`. */
  to: string;
  body: string;
  /** A picture that the service can fetch. */
  mediaUrl: string | null;
}

/** What the service has made of a message; JSON. */
export type SmsReceipt = { id: string; status: string; error: string | null };

/** What somebody has written to us. */
export interface SmsAnswer {
  from: string;
  body: string;
  /** Milliseconds since 1970. */
  at: number;
}

export interface AutomationSms {
  /** Every message goes to this number instead; null = to whom it is for. */
  readonly testNumber: string | null;
  /** What people write -> E.164; null when it is no number that can be. @param country ISO code, where they do not write it */
  number(written: string, country?: string | null): string | null;
  /**
   * Sends a message, once: whatever the answers are, it is not sent again while it may have been taken.
   * @throws PlanbridgeError PB_AUTOMATION_REFUSED (see `isOptOut`), PB_AUTOMATION_UNREACHABLE
   */
  send(message: SmsMessage, signal?: AbortSignal): Promise<SmsReceipt>;
  /** The same text to the same number, taken since that time. @param since milliseconds since 1970 */
  find(message: SmsMessage, since: number, signal?: AbortSignal): Promise<SmsReceipt | null>;
  status(id: string, signal?: AbortSignal): Promise<SmsReceipt>;
  /** What people have written to our number since that time, oldest first. */
  answers(since: number, signal?: AbortSignal): Promise<SmsAnswer[]>;
}

/** Longest body, media or not (Twilio's error 21617). */
const LONGEST = 1_600;

const Sender = z
  .string()
  .regex(/^(\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32}|\d{5,6})$/, 'is no number like +15558675310, short code or service MG…');

export const SMS_SETTINGS = z.object({
  accountSid: z
    .string()
    .regex(/^AC[0-9a-fA-F]{32}$/, 'is no account SID: AC and 32 digits')
    .describe('Account SID of Twilio'),
  authToken: z.string().min(1).describe('Its auth token; name a variable of the environment here'),
  from: Sender.describe('Number or messaging service that sends'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'is no code of a country like US')
    .default('US')
    .describe('Country of numbers that are written without one'),
  testNumber: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'is no number like +15558675310')
    .nullable()
    .default(null)
    .describe('Test mode: messages go to this number only'),
  url: z.url().default('https://api.twilio.com').describe('Address of the API'),
  timeoutSeconds: z.number().positive().max(600).default(30).describe('Longest wait for an answer'),
  retries: z.number().int().min(0).max(10).default(3).describe('How often a request is repeated'),
  pauseSeconds: z.number().min(0).max(600).default(1).describe('First pause before it is repeated; it doubles'),
  longestPauseSeconds: z.number().min(0).max(3_600).default(60).describe('Longest pause'),
  settleSeconds: z
    .number()
    .min(0)
    .max(600)
    .default(10)
    .describe('How long a message whose answer was lost may need until it is listed'),
});
export type SmsSettings = z.output<typeof SMS_SETTINGS>;

const Message = z.looseObject({
  sid: z.string(),
  status: z.string().nullable().default(null),
  direction: z.string().default('outbound-api'),
  from: z.string().nullable().default(null),
  body: z.string().nullable().default(null),
  error_code: z.number().nullable().default(null),
  error_message: z.string().nullable().default(null),
  date_created: z.string().nullable().default(null),
  date_sent: z.string().nullable().default(null),
});
type Message = z.output<typeof Message>;
const Messages = z.looseObject({ messages: z.array(Message), next_page_uri: z.string().nullable().default(null) });
const Fault = z.looseObject({ code: z.number(), message: z.string() });

/** What Twilio says is wrong, with its number. */
class TwilioFault extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const OPTED_OUT = 21_610;

/** Whether the message was refused because this number wants none. */
export function isOptOut(error: unknown): boolean {
  const { cause } = (error ?? {}) as PlanbridgeError;
  return cause instanceof TwilioFault && cause.code === OPTED_OUT;
}

/** Clocks of two machines. */
const SKEW_MS = 5 * 60_000;
const MOST_PAGES = 50;

/** @param now milliseconds since 1970 */
export function twilio(settings: SmsSettings, now: () => number): AutomationSms {
  const { accountSid, authToken, from, retries } = settings;
  const origin = settings.url.replace(/\/+$/, '');
  const account = `/2010-04-01/Accounts/${accountSid}`;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const policy = { retries, baseMs: settings.pauseSeconds * 1_000, maxMs: settings.longestPauseSeconds * 1_000 };

  const ask = (path: string, body: URLSearchParams | undefined, signal: AbortSignal | undefined) =>
    askHttp({
      method: body ? 'POST' : 'GET',
      url: origin + path,
      headers: { authorization, accept: 'application/json' },
      ...(body ? { body } : {}),
      timeoutMs: settings.timeoutSeconds * 1_000,
      signal,
    });

  /** Waits for the next try. @throws PlanbridgeError when there is none, or none within reason */
  async function pause(tries: number, wantedMs: number | undefined, failure: PlanbridgeError, signal?: AbortSignal) {
    if (tries >= policy.retries || (wantedMs ?? 0) > policy.maxMs) throw failure;
    await sleep(Math.max(wantedMs ?? 0, pauseMs(policy, tries)), undefined, signal ? { signal } : {});
  }

  /** A question that may be asked again. */
  async function read<T>(path: string, shape: z.ZodType<T>, signal: AbortSignal | undefined): Promise<T> {
    for (let tries = 0; ; tries++) {
      const outcome = await ask(path, undefined, signal).catch(unanswered);
      if (!(outcome instanceof Unanswered)) {
        const found = outcome.status === 200 ? shape.safeParse(json(outcome)) : undefined;
        if (found?.success) return found.data;
        if (outcome.status !== 200 && outcome.status < 500 && outcome.status !== 429) throw faultOf(outcome);
      }
      await pause(tries, waitOf(outcome), failureOf(outcome), signal);
    }
  }

  async function* list(query: Record<string, string>, signal?: AbortSignal): AsyncGenerator<Message[]> {
    let path: string | null = `${account}/Messages.json?${new URLSearchParams({ ...query, PageSize: '100' })}`;
    for (let pages = 0; path !== null && pages < MOST_PAGES; pages++) {
      const page: z.output<typeof Messages> = await read(path, Messages, signal);
      yield page.messages;
      path = page.next_page_uri;
    }
  }

  async function find(message: SmsMessage, since: number, signal?: AbortSignal): Promise<SmsReceipt | null> {
    const wanted = comparable(message.body);
    for await (const page of list({ To: message.to }, signal)) {
      for (const listed of page) {
        if (!listed.direction.startsWith('outbound') || timeOf(listed) < since - SKEW_MS) continue;
        // An account on trial puts words of its own in front.
        if (comparable(listed.body ?? '').endsWith(wanted)) return receipt(listed);
      }
      // Newest first; those that wait to be sent have no time yet and come before.
      if (page.length > 0 && page.every((listed) => timeOf(listed) < since - SKEW_MS)) return null;
    }
    return null;
  }

  function waitOf(outcome: HttpAnswer | Unanswered): number | undefined {
    return outcome instanceof Unanswered ? undefined : parseRetryAfter(outcome.header('retry-after'), now());
  }

  function failureOf(outcome: HttpAnswer | Unanswered): PlanbridgeError {
    if (outcome instanceof Unanswered) return unreachable('Twilio', outcome.message, { cause: outcome });
    const afterMs = waitOf(outcome);
    const reason =
      outcome.status === 429 ? 'it takes no more requests for now (429)' : `it answers ${outcome.status} without sense`;
    return unreachable('Twilio', reason, afterMs === undefined ? {} : { afterMs });
  }

  function faultOf(answer: HttpAnswer): PlanbridgeError {
    const fault = Fault.safeParse(json(answer));
    const said = fault.success ? fault.data : { code: answer.status, message: saidBy(answer.text) || 'no reason' };
    const reason = `${saidBy(said.message, [authToken, authorization])} (${said.code})`;
    const remedy =
      answer.status === 401 || answer.status === 403
        ? 'Check accountSid and authToken of the engine sms in the settings file.'
        : `Look it up at https://www.twilio.com/docs/api/errors/${said.code}.`;
    return refused('Twilio', reason, remedy, new TwilioFault(said.code, said.message));
  }

  return {
    testNumber: settings.testNumber,
    find,
    number(written, country) {
      const parsed = parsePhoneNumber(written, { regionCode: (country ?? settings.country).toUpperCase() });
      return parsed.valid ? parsed.number.e164 : null;
    },
    async send(message, signal) {
      const length = message.body.length;
      if (length === 0 || length > LONGEST) {
        throw refused('Twilio', `a text of ${length} characters is not sent`, `Give one of 1 to ${LONGEST}.`);
      }
      const form = new URLSearchParams({ To: message.to, Body: message.body });
      form.set(from.startsWith('MG') ? 'MessagingServiceSid' : 'From', from);
      if (message.mediaUrl !== null) form.append('MediaUrl', message.mediaUrl);
      for (let tries = 0; ; tries++) {
        const begun = now();
        const outcome = await ask(`${account}/Messages.json`, form, signal).catch(unanswered);
        let open = outcome instanceof Unanswered && outcome.mayHaveArrived;
        if (!(outcome instanceof Unanswered)) {
          const made = outcome.status < 300 ? Message.safeParse(json(outcome)) : undefined;
          if (made?.success) return receipt(made.data);
          if (outcome.status >= 300 && outcome.status < 500 && outcome.status !== 429) throw faultOf(outcome);
          open = outcome.status !== 429;
        }
        if (open) {
          await sleep(settings.settleSeconds * 1_000, undefined, signal ? { signal } : {});
          const taken = await find(message, begun, signal);
          if (taken) return taken;
        }
        await pause(tries, waitOf(outcome), failureOf(outcome), signal);
      }
    },
    async status(id, signal) {
      return receipt(await read(`${account}/Messages/${encodeURIComponent(id)}.json`, Message, signal));
    },
    async answers(since, signal) {
      const answers: SmsAnswer[] = [];
      const query: Record<string, string> = from.startsWith('MG') ? {} : { To: from };
      query['DateSent>'] = new Date(since).toISOString().slice(0, 10);
      for await (const page of list(query, signal)) {
        for (const listed of page) {
          const at = timeOf(listed);
          if (listed.direction !== 'inbound' || listed.from === null || at < since) continue;
          answers.push({ from: listed.from, body: listed.body ?? '', at });
        }
      }
      return answers.sort((a, b) => a.at - b.at);
    },
  };
}

function unanswered(error: unknown): Unanswered {
  if (error instanceof Unanswered) return error;
  throw error;
}

function json(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    return undefined;
  }
}

function receipt({ sid, status, error_code, error_message }: Message): SmsReceipt {
  const error = error_code === null ? null : `${error_message ?? 'not delivered'} (${error_code})`;
  return { id: sid, status: status ?? 'accepted', error };
}

/** Twilio's times are of RFC 2822; one without a time waits, so it is of now. */
function timeOf({ date_sent, date_created }: Message): number {
  const at = Date.parse(date_created ?? date_sent ?? '');
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
}

/** Twilio may write typographic characters plainly, to fit more of them into a message. */
function comparable(body: string): string {
  return body
    .normalize('NFKC')
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″]/g, '"')
    .replace(/[‐‑‒–—―]/g, '-')
    .replace(/…/g, '...')
    .replace(/\s+/g, ' ')
    .trim();
}

export const smsEngine: EngineDefinition<typeof SMS_SETTINGS, AutomationSms> = {
  settings: SMS_SETTINGS,
  open: async (settings, { now }) => ({ engine: twilio(settings, now), close: async () => {} }),
};
