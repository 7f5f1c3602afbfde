// 23. Wholesale customers take no part in the loyalty programme: cards that somebody gave them are taken back.
import { z } from 'zod';
import { link, number, text } from '../../mapping/records.ts';
import { automation } from '../automation.ts';
import { WholesaleRule, wholesalePartners } from '../customers.ts';
import { cardHolders, loyaltyCards } from '../loyalty.ts';

const Settings = z.object({
  wholesale: WholesaleRule.describe('Who buys at wholesale'),
  program: z
    .string()
    .nullable()
    .default(null)
    .describe('Name of the loyalty programme; default all of the kind loyalty'),
});

export const wholesaleLoyalty = automation({
  name: 'wholesale-loyalty',
  title: 'Wholesale customers out of the loyalty programme',
  seed: '23',
  description: 'Takes loyalty cards back that wholesale customers were given by mistake.',
  schedule: 'daily at 22:00',
  missed: 'once',
  needs: ['odoo'],
  settings: Settings,
  async run({ settings, odoo, count }) {
    const cards = await loyaltyCards(odoo, settings.program, [['partner_id', '!=', false]]);
    const wholesale = await wholesalePartners(odoo, settings.wholesale);
    count('wholesale customers', wholesale.size);
    const theirs = cards.filter((card) => wholesale.has(link(card, 'partner_id')!));
    const names = await cardHolders(odoo, theirs);
    for (const card of theirs) {
      await odoo.remove({
        key: `loyalty.card ${card.id}`,
        once: 'run',
        model: 'loyalty.card',
        id: card.id,
        subject: names.get(link(card, 'partner_id')!) ?? text(card, 'code'),
        description: 'loyalty card taken back',
        before: { card: text(card, 'code'), points: number(card, 'points') },
      });
    }
  },
});
