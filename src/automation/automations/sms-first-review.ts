// First-time customers, the seventh day after: a request for a review.
import { z } from 'zod';
import { buyersToday } from '../texting/audience.ts';
import { campaign } from '../texting/campaign.ts';

export const smsFirstReview = campaign({
  name: 'sms-first-review',
  title: 'Text messages: review by first-time customers',
  description: 'Asks customers for a review a week after their first purchase.',
  schedule: 'daily at 11:30',
  texts: [
    'Hi {{firstName}}, how did you like {{shop}}? A review on Google would help us a lot. Thank you! Reply STOP to opt out.',
  ],
  settings: { daysAfter: z.int().min(0).max(366).default(7).describe('Days after the first purchase') },
  async audience(context) {
    const { daysAfter, wholesale } = context.settings;
    const buyers = await buyersToday(context as never, 'first', daysAfter, wholesale);
    return buyers.map(({ partner }) => ({ partner, event: '', expires: null }));
  },
});
