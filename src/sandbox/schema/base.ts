// Fields of a plain Odoo 17: companies, users, partners, units, calendars, sequences. The notation is explained at `parseField`.

import type { CompactSchema } from './build.ts';

export const BASE_FIELDS: CompactSchema = {
  'res.company': `
    name char ! =partner_id.name "Company Name"
    active bool
    partner_id m2o(res.partner) !
    currency_id m2o(res.currency) !
    parent_id m2o(res.company) "Parent Company"
    child_ids o2m(res.company/parent_id) "Branches"
    sequence int
    email char =partner_id.email
    phone char =partner_id.phone
    website char ~ =partner_id.website "Website Link"
    street char ~
    city char ~
    zip char ~
    country_id m2o(res.country) ~
    po_lead float ! "Purchase Lead Time"
    po_lock sel(edit=Allow to edit purchase orders|lock=Confirmed purchase orders are not editable) "Purchase Order Modification"
    manufacturing_lead float ! "Manufacturing Lead Time"
    security_lead float ! "Sales Safety Days"
    resource_calendar_id m2o(resource.calendar) "Default Working Hours"
    user_ids m2m(res.users) "Accepted Users"
    internal_transit_location_id m2o(stock.location)
    days_to_purchase float "Days to Purchase"`,
  'res.users': `
    name char ~ =partner_id.name
    login char !
    active bool
    share bool < "Share User"
    partner_id m2o(res.partner) ! "Related Partner"
    company_id m2o(res.company) !
    company_ids m2m(res.company) "Companies"
    groups_id m2m(res.groups)
    email char ~ =partner_id.email
    lang char ~ =partner_id.lang "Language"
    tz char ~ =partner_id.tz "Timezone"
    sale_team_id m2o(crm.team) < "User Sales Team"
    property_warehouse_id m2o(stock.warehouse) ~ ^ "Default Warehouse"`,
  'res.groups': `
    name char !
    full_name char ~ < "Group Name"
    category_id m2o(ir.module.category) "Application"
    users m2m(res.users)
    implied_ids m2m(res.groups) "Inherits"
    share bool "Share Group"`,
  'res.partner': `
    name char
    complete_name char <
    active bool
    is_company bool "Is a Company"
    company_type sel(person=Individual|company=Company) ~
    parent_id m2o(res.partner) "Related Company"
    child_ids o2m(res.partner/parent_id) "Contact"
    commercial_partner_id m2o(res.partner) < "Commercial Entity"
    type sel(contact=Contact|invoice=Invoice Address|delivery=Delivery Address|other=Other Address) "Address Type"
    email char
    email_normalized char < "Normalized Email"
    phone char
    mobile char
    phone_sanitized char < "Sanitized Number"
    street char
    street2 char
    city char
    zip char
    state_id m2o(res.country.state)
    country_id m2o(res.country)
    vat char "Tax ID"
    ref char "Reference"
    barcode char ~ ^
    lang char "Language"
    tz char "Timezone"
    company_id m2o(res.company)
    user_id m2o(res.users) "Salesperson"
    user_ids o2m(res.users/partner_id) "Users"
    category_id m2m(res.partner.category) "Tags"
    website char "Website Link"
    customer_rank int
    supplier_rank int
    property_payment_term_id m2o(account.payment.term) ~ ^ "Customer Payment Terms"
    property_supplier_payment_term_id m2o(account.payment.term) ~ ^ "Vendor Payment Terms"
    property_purchase_currency_id m2o(res.currency) ~ ^ "Supplier Currency"
    property_stock_customer m2o(stock.location) ~ ^ "Customer Location"
    property_stock_supplier m2o(stock.location) ~ ^ "Vendor Location"
    property_product_pricelist m2o(product.pricelist) ~ "Pricelist"
    color int "Color Index"
    comment html`,
  'res.partner.category': `
    name char ! "Tag Name"
    parent_id m2o(res.partner.category) "Parent Category"
    active bool
    color int`,
  'res.country': `
    name char ! "Country Name"
    code char ! "Country Code"
    currency_id m2o(res.currency)`,
  'res.country.state': `
    name char ! "State Name"
    code char ! "State Code"
    country_id m2o(res.country) !`,
  'res.currency': `
    name char ! "Currency"
    symbol char !
    active bool
    rounding float "Rounding Factor"
    decimal_places int <
    position sel(after=After Amount|before=Before Amount) "Symbol Position"
    rate float ~ < "Current Rate"
    rate_ids o2m(res.currency.rate/currency_id) "Rates"`,
  'res.currency.rate': `
    name date ! "Date"
    rate float "Technical Rate"
    currency_id m2o(res.currency) ! <
    company_id m2o(res.company)`,
  'res.lang': `
    name char !
    code char ! "Locale Code"
    active bool`,
  'ir.sequence': `
    name char !
    code char "Sequence Code"
    active bool
    company_id m2o(res.company)
    prefix char
    suffix char
    padding int ! "Sequence Size"
    number_next int ! "Next Number"
    number_next_actual int ~ "Actual Next Number"
    number_increment int ! "Step"
    implementation sel(standard=Standard|no_gap=No gap) !
    use_date_range bool "Use subsequences per date_range"`,
  'ir.module.module': `
    name char ! < "Technical Name"
    state sel(uninstallable=Uninstallable|uninstalled=Not Installed|installed=Installed|to upgrade=To be upgraded|to remove=To be removed|to install=To be installed) < "Status"`,
  'uom.category': `
    name char ! "Unit of Measure Category"
    uom_ids o2m(uom.uom/category_id)`,
  'uom.uom': `
    name char ! "Unit of Measure"
    category_id m2o(uom.category) !
    factor float ! "Ratio"
    factor_inv float ! ~ < "Bigger Ratio"
    ratio float ~ "Combined Ratio"
    uom_type sel(bigger=Bigger than the reference Unit of Measure|reference=Reference Unit of Measure for this category|smaller=Smaller than the reference Unit of Measure) ! "Type"
    rounding float ! "Rounding Precision"
    active bool`,
  'crm.team': `
    name char ! "Sales Team"
    active bool
    company_id m2o(res.company)
    user_id m2o(res.users) "Team Leader"`,
  'account.tax': `
    name char ! "Tax Name"
    amount float !
    amount_type sel(group=Group of Taxes|fixed=Fixed|percent=Percentage of Price|division=Percentage of Price Tax Included) ! "Tax Computation"
    type_tax_use sel(sale=Sales|purchase=Purchases|none=None) ! "Tax Type"
    active bool
    company_id m2o(res.company) ! <
    sequence int !
    price_include bool "Included in Price"`,
  'account.payment.term': `
    name char ! "Payment Terms"
    active bool
    company_id m2o(res.company)`,
  'resource.calendar': `
    name char !
    active bool
    company_id m2o(res.company)
    tz char ! "Timezone"
    hours_per_day float < "Average Hour per Day"
    two_weeks_calendar bool "Calendar in 2 weeks mode"
    attendance_ids o2m(resource.calendar.attendance/calendar_id) "Working Time"
    leave_ids o2m(resource.calendar.leaves/calendar_id) "Time Off"
    global_leave_ids o2m(resource.calendar.leaves/calendar_id) "Global Time Off"`,
  'resource.calendar.attendance': `
    name char !
    calendar_id m2o(resource.calendar) ! "Resource's Calendar"
    dayofweek sel(0=Monday|1=Tuesday|2=Wednesday|3=Thursday|4=Friday|5=Saturday|6=Sunday) ! "Day of Week"
    hour_from float ! "Work from"
    hour_to float ! "Work to"
    day_period sel(morning=Morning|lunch=Break|afternoon=Afternoon) !
    duration_days float "Duration (days)"
    date_from date "Starting Date"
    date_to date "End Date"
    resource_id m2o(resource.resource)
    week_type sel(1=Second|0=First) "Week Number"
    display_type sel(line_section=Section)
    sequence int`,
  'resource.calendar.leaves': `
    name char "Reason"
    company_id m2o(res.company) <
    calendar_id m2o(resource.calendar) "Working Hours"
    date_from datetime ! "Start Date"
    date_to datetime ! "End Date"
    resource_id m2o(resource.resource)
    time_type sel(leave=Time Off|other=Other)`,
  'resource.resource': `
    name char !
    active bool
    company_id m2o(res.company)
    calendar_id m2o(resource.calendar) "Working Time"
    resource_type sel(user=Human|material=Material) ! "Type"
    time_efficiency float ! "Efficiency Factor"
    tz char ! "Timezone"
    user_id m2o(res.users)`,
};
