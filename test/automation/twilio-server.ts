// A server that speaks Twilio's Messages API over what it has taken, on loopback; the next answers can be made to fail.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
export const TOKEN = 'a-token-that-nobody-may-see';

export interface TakenMessage {
  sid: string;
  direction: string;
  to: string;
  from: string;
  body: string;
  media: string[];
  status: string;
  created: Date;
}

/** How the next POST goes: before or after the message was taken. */
export type Trouble =
  | { kind: 'fault'; status: number; code: number; message: string; headers?: Record<string, string> }
  | { kind: 'status-before' | 'status-after'; status: number; headers?: Record<string, string> }
  | { kind: 'silent-before' | 'silent-after' | 'cut-before' | 'cut-after' | 'nonsense-after' };

export interface TwilioServer {
  url: string;
  taken: TakenMessage[];
  /** For the next POSTs, in order. */
  troubles: Trouble[];
  /** For the next GETs, in order. */
  listTroubles: Trouble[];
  /** Method and path of each request. */
  requests: string[];
  /** Numbers that want no messages. */
  optedOut: Set<string>;
  /** What the service does to texts. */
  rewrite: (body: string) => string;
  pageSize: number;
  receive(from: string, body: string, at: Date): void;
  close(): Promise<void>;
}

export async function startTwilio(now: () => number = Date.now): Promise<TwilioServer> {
  const taken: TakenMessage[] = [];
  let count = 0;
  const sid = () => `SM${String(++count).padStart(32, '0')}`;
  const server = createServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse) {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    twilio.requests.push(`${request.method} ${request.url}`);
    const url = new URL(request.url!, twilio.url);
    const send = (status: number, content: unknown, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(typeof content === 'string' ? content : JSON.stringify(content));
    const fault = (status: number, code: number, message: string, headers?: Record<string, string>) =>
      send(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, headers);
    const expected = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`;
    if (request.headers.authorization !== expected) return fault(401, 20003, 'Authenticate');

    const trouble = (request.method === 'POST' ? twilio.troubles : twilio.listTroubles).shift();
    if (trouble?.kind === 'fault') return fault(trouble.status, trouble.code, trouble.message, trouble.headers);
    if (trouble?.kind === 'status-before') return send(trouble.status, 'upstream error', trouble.headers);
    if (trouble?.kind === 'silent-before') return;
    if (trouble?.kind === 'cut-before') return request.socket.destroy();

    const base = `/2010-04-01/Accounts/${ACCOUNT}/Messages`;
    if (request.method === 'POST' && url.pathname === `${base}.json`) {
      const form = new URLSearchParams(body);
      const to = form.get('To') ?? '';
      if (!/^\+[1-9]\d{6,14}$/.test(to)) return fault(400, 21211, `The 'To' number ${to} is not a valid phone number.`);
      if (!form.get('From') && !form.get('MessagingServiceSid')) return fault(400, 21603, "A 'From' is required.");
      if (twilio.optedOut.has(to)) return fault(400, 21610, 'Attempt to send to unsubscribed recipient');
      const message: TakenMessage = {
        ...{ sid: sid(), direction: 'outbound-api', to, from: form.get('From') ?? '+15550000000' },
        ...{ body: twilio.rewrite(form.get('Body') ?? ''), media: form.getAll('MediaUrl') },
        ...{ status: 'queued', created: new Date(now()) },
      };
      taken.push(message);
      if (trouble?.kind === 'status-after') return send(trouble.status, 'upstream error', trouble.headers);
      if (trouble?.kind === 'silent-after') return;
      if (trouble?.kind === 'cut-after') return request.socket.destroy();
      if (trouble?.kind === 'nonsense-after') return send(201, '<html>proxy</html>');
      return send(201, resource(message));
    }
    if (request.method === 'GET' && url.pathname === `${base}.json`) {
      const to = url.searchParams.get('To');
      const day = url.searchParams.get('DateSent>');
      const page = Number(url.searchParams.get('Page') ?? 0);
      const found = taken
        .filter((message) => to === null || message.to === to)
        .filter((message) => day === null || message.created.toISOString().slice(0, 10) >= day)
        .toSorted((a, b) => b.created.getTime() - a.created.getTime());
      const size = twilio.pageSize;
      url.searchParams.set('Page', String(page + 1));
      const more = found.length > (page + 1) * size;
      return send(200, {
        messages: found.slice(page * size, (page + 1) * size).map(resource),
        next_page_uri: more ? `${url.pathname}${url.search}` : null,
      });
    }
    const one = taken.find((message) => url.pathname === `${base}/${message.sid}.json`);
    return one ? send(200, resource(one)) : fault(404, 20404, 'The requested resource was not found');
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const twilio: TwilioServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    troubles: [],
    listTroubles: [],
    requests: [],
    optedOut: new Set(),
    rewrite: (body) => body,
    pageSize: 50,
    receive: (from, body, at) =>
      void taken.push({
        ...{ sid: sid(), direction: 'inbound', to: '+15550000000', from, body, media: [], status: 'received' },
        created: at,
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return twilio;
}

function resource({ sid, direction, to, from, body, media, status, created }: TakenMessage) {
  return {
    ...{ sid, direction, to, from, body, status, num_media: String(media.length), account_sid: ACCOUNT },
    ...{ error_code: null, error_message: null, date_created: created.toUTCString(), date_sent: null },
  };
}
