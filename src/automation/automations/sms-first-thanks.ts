// First-time customers, the day after: thanks.
import { z } from 'zod';
import { buyersToday } from '../texting/audience.ts';
import { campaign } from '../texting/campaign.ts';

export const smsFirstThanks = campaign({
  name: 'sms-first-thanks',
  title: 'Text messages: thanks to first-time customers',
  description: 'Thanks customers the evening after their first purchase.',
  schedule: 'daily at 18:30',
  texts: [
    'Hi {{firstName}}, thank you for your first purchase at {{shop}}! If you have any questions, we are glad to help.{{#points}} You already have {{points}} reward points.{{/points}} Reply STOP to opt out.',
  ],
  settings: { daysAfter: z.int().min(0).max(366).default(1).describe('Days after the first purchase') },
  async audience(context) {
    const { daysAfter, wholesale } = context.settings;
    const buyers = await buyersToday(context as never, 'first', daysAfter, wholesale);
    return buyers.map(({ partner }) => ({ partner, event: '', expires: null }));
  },
});
