// 17. A mail to the sales team with the requests that have come in since the last one: who, telephone, goals, timeline, address.
import { z } from 'zod';
import { formatStamp, type Zone } from '../../mapping/time.ts';
import { automation, type Json } from '../automation.ts';
import { dayAfter, startOfDay } from '../days.ts';
import type { StoredDesignRequest } from '../forms/store.ts';
import { type Html, heading, page, paragraph, table } from '../report/html.ts';
import { addresses } from '../report/receivers.ts';

const Settings = z.object({
  to: addresses,
  subject: z.string().min(1).default('Design requests to follow up'),
});

const PENDING = 'pending';
const UNTIL = 'until';

export const followUpMail = automation({
  name: 'follow-up-mail',
  title: 'Follow-up mail to sales',
  seed: '17',
  description: 'Sends the requests of the web form that came in since the last mail to the sales team.',
  schedule: 'daily at 08:00',
  missed: 'once',
  needs: ['mail'],
  settings: Settings,
  async run({ settings, forms, mail, state, today, zone, now, count, log }) {
    // What a try before a crash was about to tell is told by the next, and nothing in between is passed over.
    const stretch = stretchOf(
      await state.get(PENDING),
      await state.get(UNTIL),
      startOfDay(zone, dayAfter(today(), -1)) * 1_000,
      now(),
    );
    await state.set(PENDING, { ...stretch });
    const requests = await forms.designRequests(new Date(stretch.from), new Date(stretch.until));
    count('requests', requests.length);
    if (requests.length === 0) log('info', 'no requests came in');
    else {
      const { html, text } = page(
        settings.subject,
        requests.flatMap((request) => requestParts(request, zone)),
      );
      for (const to of settings.to) {
        await mail.send({
          key: `until ${stretch.until} ${to}`,
          once: 'ever',
          to,
          subject: settings.subject,
          html,
          text,
        });
      }
    }
    await state.set(UNTIL, stretch.until);
    await state.remove(PENDING);
  },
});

export interface Stretch {
  from: number;
  until: number;
}

/** Since the last mail; the first one tells of yesterday and this morning. */
export function stretchOf(pending: Json | undefined, until: Json | undefined, yesterday: number, now: number): Stretch {
  const begun = z.object({ from: z.number(), until: z.number() }).safeParse(pending);
  if (begun.success) return begun.data;
  return { from: typeof until === 'number' ? until : yesterday, until: now };
}

const LABELS: Readonly<Record<string, string>> = { goals: 'Project goals', timeline: 'Timeline', address: 'Address' };

function requestParts({ name, email, phone, details, receivedAt }: StoredDesignRequest, zone: Zone): Html[] {
  const at = formatStamp(zone.toWall(Math.floor(receivedAt.getTime() / 1_000)))
    .slice(0, 16)
    .replace('T', ' ');
  const shown = Object.entries(details).map(([field, value]) => [LABELS[field.toLowerCase()] ?? field, value]);
  return [
    heading(name),
    paragraph(`Came in ${at}`),
    table([{ title: '' }, { title: '' }], [['Phone', phone], ['Mail', email], ...(shown as [string, string][])]),
  ];
}
