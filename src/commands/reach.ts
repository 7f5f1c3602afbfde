// How a command reaches the service that runs: on this machine by the token of this start, elsewhere by address and sign-in.
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { PlanbridgeError } from '../errors.ts';
import { findLocalService } from '../http/local-access.ts';
import type { Reach } from '../planner/runs/client.ts';

/** @throws PlanbridgeError PB_CONFIG_INVALID when none is found, or nothing says who asks */
export async function reachOf(environment: NodeJS.ProcessEnv, url: string | undefined): Promise<Reach> {
  const config = readConfig(environment);
  const { store, odoo, apiToken, user } = config;
  if (url === undefined) {
    const directories = [store.dataDirectory, ...(odoo === null ? [join(store.dataDirectory, 'demo')] : [])];
    for (const directory of directories) {
      const found = await findLocalService(directory);
      if (found) return { url: found.url, authorization: `Bearer ${found.token}` };
    }
    throw new PlanbridgeError('PB_CONFIG_INVALID', 500, 'No Planbridge runs here.', {
      remedy: 'Start one (npm start), name one with --url, or plan a document with --model FILE.xml.',
    });
  }
  const { login, password } = user;
  if (apiToken !== null) return { url: url.replace(/\/+$/, ''), authorization: `Bearer ${apiToken}` };
  if (login !== null && password !== null) {
    const basic = Buffer.from(`${login}:${password}`).toString('base64');
    return { url: url.replace(/\/+$/, ''), authorization: `Basic ${basic}` };
  }
  throw new PlanbridgeError('PB_CONFIG_INVALID', 500, 'Nothing says who asks.', {
    remedy: 'Set API_TOKEN as the service has it, or ODOO_USER and ODOO_PASSWORD.',
  });
}

/** What the service has said, as an error of this command. */
export function refusal(status: number, text: string): PlanbridgeError {
  let said: { code?: string; message?: string; detail?: string; remedy?: string } = { message: text.slice(0, 500) };
  if (text.startsWith('{')) said = JSON.parse(text);
  const code = said.code?.startsWith('PB_') ? (said.code as 'PB_REQUEST_ARGUMENT') : 'PB_REQUEST_ARGUMENT';
  return new PlanbridgeError(code, status, said.detail ?? said.message ?? `Planbridge answers ${status}.`, {
    remedy: said.remedy ?? '',
  });
}
