// Everything that the plan buys, makes and moves as lists: orders, and what they belong to. Each row leads to its record in Odoo.
import { useLocation, useSearchParams } from 'wouter';
import { Only, useAddressFilter } from '../kit/address.tsx';
import { Grid } from '../kit/grid.tsx';
import { Screen } from '../kit/ui.tsx';
import { t } from '../kit/words.ts';
import type { ScreenProps } from '../screens.ts';

const ROOT = '/orders/';
const LISTS = [
  { title: 'Orders', path: '', grid: 'orders' },
  { title: 'Operations', path: 'operations', grid: 'operations' },
  { title: 'Resources', path: 'resources', grid: 'resources' },
  { title: 'Suppliers', path: 'suppliers', grid: 'suppliers' },
  { title: 'Customers', path: 'customers', grid: 'customers' },
  { title: 'Problems', path: 'problems', grid: 'problems' },
];
/** Columns of the orders that an address may ask for. */
const ASKED = ['reference', 'supplier', 'operation', 'item', 'type', 'status'];
const NONE: readonly string[] = [];

export function Orders({ detail }: ScreenProps) {
  const [, go] = useLocation();
  const [parameters] = useSearchParams();
  const list = LISTS.find(({ path }) => path === detail) ?? LISTS[0]!;
  const asked = useAddressFilter(list.path ? NONE : ASKED);
  return (
    <Screen title={t('Orders')} flush>
      <Grid
        key={`${list.grid} ${asked.key} ${parameters.get('search') ?? ''}`}
        name={list.grid}
        fixed={asked.filters}
        tools={
          <>
            <div role="tablist" className="row">
              {LISTS.map(({ title, path, grid }) => (
                <button
                  key={grid}
                  type="button"
                  role="tab"
                  aria-selected={grid === list.grid}
                  className={grid === list.grid ? 'button primary' : 'button'}
                  onClick={() => go(path ? `${ROOT}${path}/` : ROOT)}
                >
                  {t(title)}
                </button>
              ))}
            </div>
            <Only {...asked} />
          </>
        }
      />
    </Screen>
  );
}
