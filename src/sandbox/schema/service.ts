// Models and fields that recorded data sets leave out although clients use them: messages, wizards, formatted notes.

import type { CompactSchema } from './build.ts';

/** Added to every data set. */
export const SERVICE_MODELS: CompactSchema = {
  'mail.message': `
    subject char
    body html "Contents"
    date datetime
    message_type sel(email=Email|comment=Comment|email_outgoing=Outgoing Email|notification=System notification|auto_comment=Automated Targeted Notification|user_notification=User Specific Notification) ! "Type"
    subtype_id m2o(mail.message.subtype)
    model char "Related Document Model"
    res_id many2one_reference "Related Document ID"
    record_name char ~ < "Message Record Name"
    author_id m2o(res.partner)
    email_from char "From"
    is_internal bool "Employee Only"
    partner_ids m2m(res.partner) "Recipients"
    parent_id m2o(mail.message) "Parent Message"`,
  'change.production.qty': `
    mo_id m2o(mrp.production) ! "Manufacturing Order"
    product_qty float ! "Quantity To Produce"`,
};

/** Formatted text of models that a recorded data set describes without it. */
export const FORMATTED_TEXT: CompactSchema = {
  'sale.order': 'note html "Terms and conditions"',
  'purchase.order': 'notes html "Terms and Conditions"',
  'res.partner': 'comment html "Notes"',
  'stock.picking': 'note html "Notes"',
};
