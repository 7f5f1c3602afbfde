// 23. Wholesale customers take no part in the loyalty programme: cards that somebody gave them are taken back.
import { z } from 'zod';
import { link, number, text } from '../../mapping/records.ts';
import { automation, type OdooUpdate } from '../automation.ts';
import { WholesaleRule, wholesalePartners } from '../customers.ts';
import { dayAfter } from '../days.ts';
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
  async run({ settings, odoo, today, count }) {
    const cards = await loyaltyCards(odoo, settings.program, [['partner_id', '!=', false]]);
    const wholesale = await wholesalePartners(odoo, settings.wholesale);
    count('wholesale customers', wholesale.size);
    const theirs = cards.filter((card) => wholesale.has(link(card, 'partner_id')!));
    const names = await cardHolders(odoo, theirs);
    // From Odoo 18 on cards can be archived; before, nobody may delete one, so it is emptied and belongs to nobody.
    const archived = await odoo.has('loyalty.card', ['active']);
    const gone: OdooUpdate['values'] = archived
      ? { active: false }
      : { partner_id: false, points: 0, expiration_date: dayAfter(today(), -1) };
    await odoo.update(
      theirs.map((card) => ({
        model: 'loyalty.card',
        id: card.id,
        subject: names.get(link(card, 'partner_id')!) ?? text(card, 'code'),
        description: 'loyalty card taken back',
        before: { card: text(card, 'code'), points: number(card, 'points') },
        values: gone,
      })),
    );
  },
});
