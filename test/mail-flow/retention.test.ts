// What old answers said is taken away; what is still at work, and what replies are matched by, stays.
import { expect, test } from 'vitest';
import { dropOldAnswers, dropOldLinks } from '../../src/mail/outbox/retention.ts';
import { openTestStore } from '../mail-inbound/support.ts';

test('texts of answers and links go when they are old and nothing waits for them', async () => {
  const { store, close } = await openTestStore('embedded');
  try {
    const conversation = async (state: string, waits: string | null) => {
      const [row] = await store.query<{ id: number }>(
        `insert into planbridge.mail_conversation (state, waits_for, customer_email, customer_key, answer_to, language, subject,
           received_at, tries_left, created_at, updated_at)
         values ($1, $2, '', '', '', 'en', '', now(), 2, now(), now()) returning id::integer`,
        [state, waits],
      );
      return row!.id;
    };
    const answer = async (id: string, owner: number | null, state: string, at: string, open = false) =>
      await store.query(
        `insert into planbridge.mail_outbound (conversation_id, template, kind, message_id, recipient, envelope_from, subject, language,
           text, raw, automatic, open, state, due_at, created_at)
         values ($1, 't', 'notice', $2, '', '', 's', 'en', 'words', 'raw', true, $5, $3, now(), $4)`,
        [owner, id, state, at, open],
      );
    const ended = await conversation('ordered', null);
    const waiting = await conversation('ordered', 'look');
    const asked = await conversation('waiting-for-choice', null);
    await answer('old', ended, 'sent', '2026-01-01');
    await answer('report', null, 'sent', '2026-01-01');
    await answer('new', ended, 'sent', '2026-03-01');
    await answer('queued', ended, 'queued', '2026-01-01');
    await answer('open', ended, 'sent', '2026-01-01', true);
    await answer('a person looks', waiting, 'sent', '2026-01-01');
    await answer('asked', asked, 'sent', '2026-01-01');
    const before = Date.parse('2026-02-01');
    expect([await dropOldAnswers(store, before, 1), await dropOldAnswers(store, before)]).toEqual([1, 1]);
    expect(await dropOldAnswers(store, before)).toBe(0);
    const left = await store.query<{ id: string; kept: boolean }>(
      `select message_id as id, text = 'words' and raw is not null as kept from planbridge.mail_outbound order by 1`,
    );
    expect(left.filter(({ kept }) => !kept).map(({ id }) => id)).toEqual(['old', 'report']);
    expect(left).toHaveLength(7);

    const links: [string, string][] = [
      ['gone', '2026-01-31'],
      ['stays', '2026-02-02'],
    ];
    for (const [nonce, day] of links) {
      await store.query(
        `insert into planbridge.mail_link (conversation_id, round, choice, nonce_hash, expires_at) values ($1, 1, 1, $2, $3)`,
        [asked, nonce, day],
      );
    }
    expect(await dropOldLinks(store, before)).toBe(1);
    expect(await store.query('select nonce_hash as nonce from planbridge.mail_link')).toEqual([{ nonce: 'stays' }]);
  } finally {
    await close();
  }
});
