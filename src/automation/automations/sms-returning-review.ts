// Returning customers, the seventh day after: a request for a review.
import { z } from 'zod';
import { buyersToday } from '../texting/audience.ts';
import { campaign } from '../texting/campaign.ts';

export const smsReturningReview = campaign({
  name: 'sms-returning-review',
  title: 'Text messages: review by returning customers',
  description: 'Asks customers who have bought again for a review, a week after, once.',
  schedule: 'daily at 15:30',
  texts: [
    'Hi {{firstName}}, you know {{shop}} well by now: would you write a review on Google? Thank you! Reply STOP to opt out.',
  ],
  settings: {
    daysAfter: z.int().min(0).max(366).default(7).describe('Days after the last purchase'),
    everyTime: z.boolean().default(false).describe('Ask after each purchase; otherwise once for all'),
  },
  async audience(context) {
    const { daysAfter, wholesale, everyTime } = context.settings;
    const buyers = await buyersToday(context as never, 'returning', daysAfter, wholesale);
    return buyers.map(({ partner, lastDay }) => ({ partner, event: everyTime ? lastDay : '', expires: null }));
  },
});
