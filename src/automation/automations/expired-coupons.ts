// 19: coupons that have expired are deleted from the shop, each noted down before it goes.
import { z } from 'zod';
import { automation } from '../automation.ts';
import { dayOf } from '../days.ts';
import type { Coupon } from '../storefront/storefront.ts';

/** Whether its last day, in the shop's zone, is over. Pure. @param today in that zone */
export function isExpired(coupon: Coupon, today: string, dayIn: (at: number) => string): boolean {
  return coupon.expiresAt !== null && dayIn(coupon.expiresAt) < today;
}

const FILE = 'coupons/deleted_coupons.csv';
const HEADER = ['deleted', 'id', 'code', 'name', 'type', 'amount', 'minimum', 'expired', 'uses'];

export const expiredCoupons = automation({
  name: 'expired-coupons',
  title: 'Expired coupons',
  seed: '19',
  description: 'Deletes coupons from the shop whose last day is over, and keeps a list of them.',
  schedule: 'daily at 23:30',
  missed: 'once',
  needs: ['storefront', 'files'],
  settings: z.object({}),
  async run(context) {
    const { storefront, files, zone, today, signal, effect, count } = context;
    const dayIn = (at: number) => dayOf(zone, Math.floor(at / 1_000));
    const expired: Coupon[] = [];
    for await (const page of storefront.coupons(signal)) {
      count('coupons', page.length);
      expired.push(...page.filter((coupon) => isExpired(coupon, today(), dayIn)));
    }
    for (const coupon of expired) {
      signal.throwIfAborted();
      const { id, code, name, kind, amount, minimum, uses } = coupon;
      const expiry = new Date(coupon.expiresAt ?? 0).toISOString();
      await files.appendCsv(
        FILE,
        HEADER,
        [[today(), id, code, name, kind, amount, minimum, expiry, uses]],
        `note/${id}`,
      );
      await effect(
        {
          ...{
            key: `coupon/${id}`,
            once: 'ever',
            subject: `Coupon ${code}`,
            description: `deleted; expired ${dayIn(coupon.expiresAt ?? 0)}`,
          },
          ...{ before: { code, name, amount, minimum, expires: expiry }, after: null },
        },
        async () => {
          await storefront.deleteCoupon(id, signal);
          return true;
        },
      );
    }
  },
});
