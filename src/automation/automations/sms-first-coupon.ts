// First-time customers, the third day after: a coupon with its picture, for two weeks from the purchase.
import { z } from 'zod';
import { dayAfter } from '../days.ts';
import { buyersToday } from '../texting/audience.ts';
import { campaign } from '../texting/campaign.ts';

export const smsFirstCoupon = campaign({
  name: 'sms-first-coupon',
  title: 'Text messages: coupon for first-time customers',
  description: 'Sends customers a coupon the third evening after their first purchase.',
  schedule: 'daily at 19:00',
  texts: [
    'Hi {{firstName}}, thanks again for stopping by {{shop}}! Show this coupon at the register before {{expires}}.{{#points}} You have {{points}} reward points.{{/points}} Reply STOP to opt out.',
  ],
  settings: {
    daysAfter: z.int().min(0).max(366).default(3).describe('Days after the first purchase'),
    couponDays: z.int().min(1).max(366).default(14).describe('Days for which the coupon counts'),
    couponFrom: z.enum(['purchase', 'message']).default('purchase').describe('What these days are counted from'),
  },
  async audience(context) {
    const { daysAfter, wholesale, couponDays, couponFrom } = context.settings;
    const buyers = await buyersToday(context as never, 'first', daysAfter, wholesale);
    return buyers.map(({ partner, lastDay }) => {
      const from = couponFrom === 'purchase' ? lastDay : context.today();
      return { partner, event: '', expires: dayAfter(from, couponDays) };
    });
  },
});
