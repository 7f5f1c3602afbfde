// What each company has set for planning: in Odoo (frePPLe's or our addon), or in the sheet's Options (connector.md 2.20, E4).
import type { MappingContext } from './context.ts';
import { link, number, type OdooRow, text } from './records.ts';

export interface CompanySettings {
  id: number;
  name: string;
  respectReservations: boolean;
  /** Working calendar (resource.calendar) of the company's warehouses. */
  calendar?: number;
  /** Warehouse (stock.warehouse) that makes, where an order or bill of material does not say. */
  manufacturingWarehouse?: number;
  /** Whether that warehouse was set by somebody; otherwise it is the company's first one. */
  warehouseWasSet: boolean;
  /** Whether an addon gives the company a place to set it. */
  hasAddon: boolean;
  purchaseLeadDays: number;
  manufacturingLeadDays: number;
  currency?: number;
}

export function companySettings(context: MappingContext): Map<number, CompanySettings> {
  const { options } = context.rules;
  const warehouses = context
    .rows('stock.warehouse')
    .filter((row) => row.active !== false)
    .toSorted((a, b) => number(a, 'sequence') - number(b, 'sequence') || a.id - b.id);
  const calendars = context.rows('resource.calendar');

  const settings = new Map<number, CompanySettings>();
  for (const company of context.rows('res.company')) {
    const named = options.manufacturingWarehouse;
    const chosen =
      (named === null ? undefined : ofCompany(warehouses, company.id).find((row) => text(row, 'code') === named)) ??
      warehouses.find((row) => row.id === link(company, 'manufacturing_warehouse'));
    const calendar = options.calendar
      ? calendars.find((row) => text(row, 'name') === options.calendar && row.active !== false)?.id
      : link(company, 'calendar');
    settings.set(company.id, {
      id: company.id,
      name: text(company, 'name'),
      respectReservations: options.respectReservations ?? company.respect_reservations !== false,
      calendar,
      manufacturingWarehouse: (chosen ?? ofCompany(warehouses, company.id)[0])?.id,
      warehouseWasSet: chosen !== undefined,
      hasAddon: company.manufacturing_warehouse !== undefined,
      purchaseLeadDays: options.purchaseLeadDays ?? number(company, 'po_lead'),
      manufacturingLeadDays: options.manufacturingLeadDays ?? number(company, 'manufacturing_lead'),
      currency: link(company, 'currency_id'),
    });
  }
  return settings;
}

function ofCompany(warehouses: readonly OdooRow[], company: number): OdooRow[] {
  return warehouses.filter((row) => link(row, 'company_id') === company);
}
