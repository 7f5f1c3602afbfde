// Returning customers, the evening after: a coupon with its picture, for two weeks from the purchase.
import { z } from 'zod';
import { dayAfter } from '../days.ts';
import { buyersToday } from '../texting/audience.ts';
import { campaign } from '../texting/campaign.ts';

export const smsReturningCoupon = campaign({
  name: 'sms-returning-coupon',
  title: 'Text messages: coupon for returning customers',
  description: 'Sends customers who have bought again a coupon, the evening after.',
  schedule: 'daily at 19:00',
  texts: [
    'Hi {{firstName}}, it was good to see you again at {{shop}}! Show this coupon at the register before {{expires}}.{{#points}} You have {{points}} reward points.{{/points}} Reply STOP to opt out.',
  ],
  settings: {
    daysAfter: z.int().min(0).max(366).default(1).describe('Days after the last purchase; 3 for the third day'),
    couponDays: z.int().min(1).max(366).default(14).describe('Days from the purchase for which the coupon counts'),
  },
  async audience(context) {
    const { daysAfter, wholesale, couponDays } = context.settings;
    const buyers = await buyersToday(context as never, 'returning', daysAfter, wholesale);
    return buyers.map(({ partner, lastDay }) => {
      return { partner, event: lastDay, expires: dayAfter(lastDay, couponDays) };
    });
  },
});
