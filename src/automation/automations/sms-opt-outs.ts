// Keeps the list of those who want no text messages: reads their answers, and tells Odoo, so that its own campaigns leave them alone too.
import { z } from 'zod';
import { type AutomationContext, automation } from '../automation.ts';
import {
  blacklisted,
  freshAnswers,
  keptWishes,
  READ_UNTIL,
  SMS_OPT_OUTS,
  START,
  STOP,
  stopped,
  withAnswers,
} from '../texting/opt-outs.ts';

export const smsOptOuts = automation({
  name: SMS_OPT_OUTS,
  title: 'Text messages: opt-outs',
  seed: 'SMS',
  description:
    'Reads who has answered STOP or START to a text message, and puts those who want none on Odoo’s list of blocked numbers.',
  schedule: 'hourly',
  missed: 'once',
  needs: ['odoo', 'sms'],
  settings: z.object({
    blacklist: z
      .boolean()
      .default(true)
      .describe('Put numbers that want none on the list of blocked numbers in Odoo, where it has one'),
  }),
  async run(given) {
    const context = given as AutomationContext<{ blacklist: boolean }>;
    const { state, odoo, count, settings } = context;
    const answers = await freshAnswers(context as AutomationContext, SMS_OPT_OUTS);
    const wishes = withAnswers(await keptWishes(context as AutomationContext, SMS_OPT_OUTS), answers);
    for (const [number, at] of wishes.stops) await state.set(STOP + number, at);
    for (const [number, at] of wishes.starts) await state.set(START + number, at);
    // The next run reads from the last answer on, not from now: one of this moment may be listed later.
    const last = answers.at(-1);
    if (last) await state.set(READ_UNTIL, last.at);
    const silent = stopped(wishes);
    count('answers', answers.length);
    count('want none', silent.size);
    if (!settings.blacklist || !(await odoo.has('phone.blacklist', ['number', 'active']))) return;
    const listed = await blacklisted(context);
    for (const number of silent) {
      if (listed.has(number)) continue;
      await odoo.create({
        ...{ model: 'phone.blacklist', values: { number }, lookUp: [['number', '=', number]] },
        ...{ key: `blacklist/${number}/${wishes.stops.get(number)}`, once: 'ever', subject: number },
        description: 'put on the list of blocked numbers',
      });
    }
  },
});
