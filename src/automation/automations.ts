// All automations, in the order of the specification. One module each; this list is the only place that knows them all.
import type { Automation } from './automation.ts';
import { administrativeReport } from './automations/administrative-report.ts';
import { brands } from './automations/brands.ts';
import { contactNames } from './automations/contact-names.ts';
import { customerList } from './automations/customer-list.ts';
import { followUpMail } from './automations/follow-up-mail.ts';
import { inactiveProducts } from './automations/inactive-products.ts';
import { leadsToPartners } from './automations/leads-to-partners.ts';
import { negativeLoyalty } from './automations/negative-loyalty.ts';
import { refundedCustomers } from './automations/refunded-customers.ts';
import { revenueReport } from './automations/revenue-report.ts';
import { stockBuffers } from './automations/stock-buffers.ts';
import { wholesaleLoyalty } from './automations/wholesale-loyalty.ts';

export const AUTOMATIONS: readonly Automation[] = [
  leadsToPartners,
  contactNames,
  inactiveProducts,
  brands,
  stockBuffers,
  customerList,
  administrativeReport,
  revenueReport,
  followUpMail,
  refundedCustomers,
  wholesaleLoyalty,
  negativeLoyalty,
];
