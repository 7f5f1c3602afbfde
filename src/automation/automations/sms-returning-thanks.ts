// Returning customers, the day after: thanks.
import { z } from 'zod';
import { buyersToday } from '../texting/audience.ts';
import { campaign } from '../texting/campaign.ts';

export const smsReturningThanks = campaign({
  name: 'sms-returning-thanks',
  title: 'Text messages: thanks to returning customers',
  description: 'Thanks customers who have bought again, the day after.',
  schedule: 'daily at 11:30',
  texts: [
    'Hi {{firstName}}, thank you for coming back to {{shop}}!{{#points}} You now have {{points}} reward points.{{/points}} Reply STOP to opt out.',
  ],
  settings: { daysAfter: z.int().min(0).max(366).default(1).describe('Days after the last purchase') },
  async audience(context) {
    const { daysAfter, wholesale } = context.settings;
    const buyers = await buyersToday(context as never, 'returning', daysAfter, wholesale);
    return buyers.map(({ partner, lastDay }) => ({ partner, event: lastDay, expires: null }));
  },
});
