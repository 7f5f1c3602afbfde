// Wholesale customers, the morning after a purchase: thanks, in one of several texts.
import { z } from 'zod';
import { buyersToday } from '../texting/audience.ts';
import { campaign } from '../texting/campaign.ts';

export const smsWholesale = campaign({
  name: 'sms-wholesale',
  title: 'Text messages: thanks to wholesale customers',
  description: 'Thanks wholesale customers the morning after a purchase, in one of several texts.',
  schedule: 'daily at 10:30',
  texts: [
    'Hi {{firstName}}, thank you for your order at {{shop}}. We appreciate your business! Reply STOP to opt out.',
    'Hi {{firstName}}, thanks for choosing {{shop}} for your projects. Call us any time. Reply STOP to opt out.',
    'Hello {{firstName}}, it was a pleasure to serve you at {{shop}}. See you soon! Reply STOP to opt out.',
  ],
  settings: { daysAfter: z.int().min(0).max(366).default(1).describe('Days after the last purchase') },
  async audience(context) {
    const { daysAfter, wholesale } = context.settings;
    const buyers = await buyersToday(context as never, 'wholesale', daysAfter, wholesale);
    return buyers.map(({ partner, lastDay }) => ({ partner, event: lastDay, expires: null }));
  },
});
