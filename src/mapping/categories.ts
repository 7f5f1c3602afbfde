// Product categories -> items that own the products' items (connector.md 2.10).
import type { Item } from '../planner/model.ts';
import type { MappingContext } from './context.ts';
import { link, text } from './records.ts';

export function* mapCategories(context: MappingContext): Generator<Item> {
  const table = context.table('product.category');
  for (const row of context.rows('product.category')) {
    const owner = text(table.get(link(row, 'parent_id') ?? 0), 'complete_name');
    yield context.finish('itemcategory', row, { name: text(row, 'complete_name'), ...(owner ? { owner } : {}) });
  }
}
