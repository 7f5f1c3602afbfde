// All automations, in the order of the specification. One module each; this list is the only place that knows them all.
import type { Automation } from './automation.ts';
import { administrativeReport } from './automations/administrative-report.ts';
import { alwaysOnline } from './automations/always-online.ts';
import { backInStock } from './automations/back-in-stock.ts';
import { brands } from './automations/brands.ts';
import { competitorPrices } from './automations/competitor-prices.ts';
import { connectionCheck } from './automations/connection-check.ts';
import { contactNames } from './automations/contact-names.ts';
import { customerList } from './automations/customer-list.ts';
import { expiredCoupons } from './automations/expired-coupons.ts';
import { featuredProducts } from './automations/featured-products.ts';
import { followUpMail } from './automations/follow-up-mail.ts';
import { inactiveProducts } from './automations/inactive-products.ts';
import { inventoryFeed } from './automations/inventory-feed.ts';
import { leadsToPartners } from './automations/leads-to-partners.ts';
import { negativeLoyalty } from './automations/negative-loyalty.ts';
import { offSiteBackup } from './automations/off-site-backup.ts';
import { photos } from './automations/photos.ts';
import { refundedCustomers } from './automations/refunded-customers.ts';
import { relatedProducts } from './automations/related-items.ts';
import { revenueReport } from './automations/revenue-report.ts';
import { smsBirthday } from './automations/sms-birthday.ts';
import { smsFirstCoupon } from './automations/sms-first-coupon.ts';
import { smsFirstReview } from './automations/sms-first-review.ts';
import { smsFirstThanks } from './automations/sms-first-thanks.ts';
import { smsOptOuts } from './automations/sms-opt-outs.ts';
import { smsReturningCoupon } from './automations/sms-returning-coupon.ts';
import { smsReturningReview } from './automations/sms-returning-review.ts';
import { smsReturningThanks } from './automations/sms-returning-thanks.ts';
import { smsWholesale } from './automations/sms-wholesale.ts';
import { sortOrder } from './automations/sort-order.ts';
import { stockBuffers } from './automations/stock-buffers.ts';
import { totalSold } from './automations/total-sold.ts';
import { wholesaleLoyalty } from './automations/wholesale-loyalty.ts';

export const AUTOMATIONS: readonly Automation[] = [
  leadsToPartners,
  contactNames,
  connectionCheck,
  inventoryFeed,
  photos,
  inactiveProducts,
  brands,
  stockBuffers,
  customerList,
  totalSold,
  relatedProducts,
  alwaysOnline,
  sortOrder,
  featuredProducts,
  administrativeReport,
  revenueReport,
  followUpMail,
  backInStock,
  expiredCoupons,
  competitorPrices,
  offSiteBackup,
  refundedCustomers,
  wholesaleLoyalty,
  negativeLoyalty,
  smsFirstThanks,
  smsFirstCoupon,
  smsFirstReview,
  smsReturningThanks,
  smsReturningCoupon,
  smsReturningReview,
  smsBirthday,
  smsWholesale,
  smsOptOuts,
];
