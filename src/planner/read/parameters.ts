// What may be asked of a read of Odoo.
import { z } from 'zod';

const shared = {
  singleCompany: z.boolean().default(false).describe('only records of the planning company'),
  shelfLife: z.boolean().default(false).describe('stock by lot with its expiry date'),
};

export const READ_1_PARAMETERS = z.object({
  how: z
    .enum(['auto', 'changes', 'full', 'check'])
    .default('auto')
    .describe(
      'changes: order lines that changed, and everything else; full: everything; check: both, and what differs is reported; auto: changes, and a check when the last one is a day old',
    ),
  delta: z
    .number()
    .int()
    .min(1)
    .default(999)
    .describe('sales orders that are closed and were not changed for so many days are left out; 999 = none are'),
  ...shared,
});

export const READ_2_PARAMETERS = z.object({
  years: z.number().min(0.1).max(20).default(3).describe('how far the history of sales goes back'),
  ...shared,
});

export type Read1Parameters = z.output<typeof READ_1_PARAMETERS>;
export type Read2Parameters = z.output<typeof READ_2_PARAMETERS>;
