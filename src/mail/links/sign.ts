// Links of a mail that stand for a choice: signed, so that none can be guessed or changed, and each stored, so that it counts once
// and for one question. Looking at a link changes nothing.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Query, Store } from '../../store/database.ts';
import type { Choice } from '../reading.ts';

export interface LinkClaim {
  id: number;
  conversation: number;
  round: number;
  choice: Choice;
  expired: boolean;
  used: boolean;
}

export type Checked = { kind: 'valid'; claim: LinkClaim } | { kind: 'invalid' };

export interface Links {
  /** One link for each choice, in the transaction that puts the mail into the outbox. */
  make(
    query: Query,
    question: { conversation: number; round: number; expiresAt: Date },
  ): Promise<Record<Choice, string>>;
  check(query: Query, token: string, now: Date): Promise<Checked>;
}

/** Outside of the screens' addresses, which ask to sign in: customers have no login. */
export const CHOICE_PATH = '/choice';

const KEY = 'links';
const NONCE = 18;

/** The key that signs, made at the first use; the same for all processes. */
async function signingKey(store: Store): Promise<Buffer> {
  await store.query('insert into planbridge.mail_key (name, secret) values ($1, $2) on conflict (name) do nothing', [
    KEY,
    randomBytes(32),
  ]);
  const [row] = await store.query<{ secret: Buffer }>('select secret from planbridge.mail_key where name = $1', [KEY]);
  return row!.secret;
}

function digest(nonce: Buffer): string {
  return createHash('sha256').update(nonce).digest('hex');
}

export async function openLinks(store: Store, base: string): Promise<Links> {
  const key = await signingKey(store);
  const sign = (body: Buffer) => createHmac('sha256', key).update(body).digest().subarray(0, 16);

  return {
    async make(query, { conversation, round, expiresAt }) {
      const made: Partial<Record<Choice, string>> = {};
      for (const choice of [1, 2, 3] as const) {
        const nonce = randomBytes(NONCE);
        await query(
          `insert into planbridge.mail_link (conversation_id, round, choice, nonce_hash, expires_at) values ($1, $2, $3, $4, $5)`,
          [conversation, round, choice, digest(nonce), expiresAt],
        );
        const body = Buffer.concat([Buffer.from([choice]), nonce]);
        made[choice] = `${base}${CHOICE_PATH}/${Buffer.concat([body, sign(body)]).toString('base64url')}`;
      }
      return made as Record<Choice, string>;
    },
    async check(query, token, now) {
      const bytes = Buffer.from(token, 'base64url');
      if (!/^[\w-]{40,60}$/.test(token) || bytes.length !== 1 + NONCE + 16) return { kind: 'invalid' };
      const body = bytes.subarray(0, 1 + NONCE);
      if (!timingSafeEqual(sign(body), bytes.subarray(1 + NONCE))) return { kind: 'invalid' };
      const [row] = await query<{
        id: number;
        conversation: number;
        round: number;
        choice: Choice;
        expiresAt: Date;
        usedAt: Date | null;
      }>(
        `select id::integer, conversation_id::integer as conversation, round, choice, expires_at as "expiresAt", used_at as "usedAt"
         from planbridge.mail_link where nonce_hash = $1`,
        [digest(body.subarray(1))],
      );
      if (!row || row.choice !== body[0]) return { kind: 'invalid' };
      const { expiresAt, usedAt, ...claim } = row;
      return { kind: 'valid', claim: { ...claim, expired: expiresAt <= now, used: usedAt !== null } };
    },
  };
}
