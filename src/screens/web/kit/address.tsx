// What an address asks a list to show: `/demand/?customer=Azure 12&customer=…`. Said above the list, and taken away by a click.
import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { Filter } from './grid-cells.tsx';
import { t } from './words.ts';

export interface AddressFilter {
  /** Changes with what is asked for. */
  key: string;
  filters: Filter[];
  values: string[];
  /** Shows everything again. */
  clear(): void;
}

/** @param columns names that the address may filter by, exactly; several values of one mean any of them */
export function useAddressFilter(columns: readonly string[]): AddressFilter {
  const [parameters, setParameters] = useSearchParams();
  const key = columns.flatMap((column) => parameters.getAll(column).map((value) => `${column}=${value}`)).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all that counts of the address
  const { filters, values } = useMemo(() => {
    const given = columns.map((column) => ({ column, value: parameters.getAll(column) }));
    const filled = given.filter(({ value }) => value.length > 0);
    return {
      filters: filled.map(({ column, value }): Filter => ({ column, operator: 'in', value })),
      values: filled.flatMap(({ value }) => value),
    };
  }, [key]);
  const clear = () =>
    setParameters((before) => {
      for (const column of columns) before.delete(column);
      return before;
    });
  return { key, filters, values, clear };
}

const NAMED = 2;

export function Only({ values, clear }: Pick<AddressFilter, 'values' | 'clear'>) {
  if (values.length === 0) return null;
  const named = values.slice(0, NAMED).join(', ');
  const more = values.length - NAMED;
  return (
    <span className="chip" title={values.join('\n')}>
      {t('Only {names}', { names: named })}
      {more > 0 && ` ${t('and {count} more', { count: more })}`}
      <button type="button" aria-label={t('Show everything')} title={t('Show everything')} onClick={clear}>
        ×
      </button>
    </span>
  );
}
