// Birthdays: on the first of the month all whose birthday is in it get a coupon until the 10th of the next one.
import { z } from 'zod';
import { firstOfMonth } from '../calendar.ts';
import { wholesalePartners } from '../customers.ts';
import { dayAfter } from '../days.ts';
import { bornThisMonth } from '../texting/audience.ts';
import { campaign } from '../texting/campaign.ts';

export const smsBirthday = campaign({
  name: 'sms-birthday',
  title: 'Text messages: birthdays',
  description: 'Sends a coupon to customers whose birthday is in this month, on its first day.',
  schedule: 'first of the month at 09:00',
  texts: [
    'Happy birthday, {{firstName}}! {{shop}} has a gift for you: show this coupon at the register before {{expires}}. Reply STOP to opt out.',
  ],
  settings: {
    field: z
      .string()
      .regex(/^[a-z0-9_]+$/, 'is no field of contacts')
      .default('birthdate_date')
      .describe('Field of contacts in Odoo with the birthday'),
    lastDay: z.int().min(1).max(28).default(10).describe('Day of the next month until which the coupon counts'),
  },
  async audience(context) {
    const { settings, today, odoo } = context;
    const expires = dayAfter(firstOfMonth(today(), 1), settings.lastDay - 1);
    const wholesale = await wholesalePartners(odoo, settings.wholesale);
    const born = await bornThisMonth(context as never, settings.field);
    return born.filter((id) => !wholesale.has(id)).map((partner) => ({ partner, event: today().slice(0, 7), expires }));
  },
});
