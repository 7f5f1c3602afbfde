// 10: the shop shows how often a product was sold, in all sales there have been; variants count for the product they belong to.
import { z } from 'zod';
import { automation } from '../automation.ts';
import { soldIn, sumOf } from '../ranking.ts';
import { changeStore } from '../storefront/change.ts';
import { readMatches } from '../storefront/match.ts';

export const totalSold = automation({
  name: 'total-sold',
  title: 'Total sold',
  seed: '10',
  description:
    'Tells the shop how often each product was sold, over all confirmed orders and the point of sale; sales of variants are summed into their product.',
  schedule: 'daily at 01:00',
  missed: 'once',
  needs: ['odoo', 'storefront'],
  settings: z.object({}),
  async run(context) {
    const { odoo, signal } = context;
    const { items } = await readMatches(context);
    const sold = await soldIn(odoo, { from: null, until: null }, signal);
    await changeStore(
      context,
      items.map(({ store, products }) => {
        // Refunds of what was sold before there was Odoo may go below nothing; the shop takes whole numbers.
        const total = Math.max(0, Math.round(sumOf(sold, products).quantity));
        return { product: store, description: `sold ${total}`, values: { totalSold: total } };
      }),
    );
  },
});
