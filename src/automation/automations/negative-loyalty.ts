// 24. Loyalty balances below zero become zero: campaigns tell customers their balance, and nobody wants to read of a debt.
import { z } from 'zod';
import { link, number, text } from '../../mapping/records.ts';
import { automation } from '../automation.ts';
import { cardHolders, loyaltyCards } from '../loyalty.ts';

const Settings = z.object({
  program: z
    .string()
    .nullable()
    .default(null)
    .describe('Name of the loyalty programme; default all of the kind loyalty'),
});

export const negativeLoyalty = automation({
  name: 'negative-loyalty',
  title: 'Negative loyalty balances to zero',
  seed: '24',
  description: 'Sets loyalty balances that are below zero to zero.',
  schedule: 'daily at 22:15',
  missed: 'once',
  needs: ['odoo'],
  settings: Settings,
  async run({ settings, odoo }) {
    const cards = await loyaltyCards(odoo, settings.program, [['points', '<', 0]]);
    const names = await cardHolders(odoo, cards);
    await odoo.update(
      cards.map((card) => ({
        model: 'loyalty.card',
        id: card.id,
        subject: names.get(link(card, 'partner_id') ?? 0) ?? text(card, 'code'),
        description: 'loyalty balance set to 0',
        before: { points: number(card, 'points') },
        values: { points: 0 },
      })),
    );
  },
});
