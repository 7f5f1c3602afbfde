// The lines of a quote that is asked for: product with names that fit, warehouse, quantity, date, parts and lateness that will do.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, query } from '../kit/api.ts';
import { t } from '../kit/words.ts';
import { freshLine, type LineDraft } from './quote-data.ts';

interface Choices {
  items: string[];
  locations: string[];
  now: number | null;
}

interface Props {
  lines: readonly LineDraft[];
  onChange: (lines: LineDraft[]) => void;
}

export function QuoteLines({ lines, onChange }: Props) {
  const [search, setSearch] = useState('');
  const choices = useQuery({
    queryKey: ['quote choices', search],
    queryFn: () => api.get<Choices>(`/api/quotes/choices${query({ search })}`),
    placeholderData: (before) => before,
  });
  const { items = [], locations = [], now = null } = choices.data ?? {};
  const change = (key: number, part: Partial<LineDraft>) =>
    onChange(lines.map((line) => (line.key === key ? { ...line, ...part } : line)));
  const last = lines.at(-1);

  return (
    <>
      {choices.data && now === null && (
        <p className="problem">
          {t('There is no plan yet.')} {t('Run an import and a plan on the Execute screen.')}
        </p>
      )}
      <datalist id="quote-items">
        {items.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <table className="plain">
        <thead>
          <tr>
            <th>{t('Product')}</th>
            <th>{t('Warehouse')}</th>
            <th className="number">{t('Quantity')}</th>
            <th>{t('Wanted on')}</th>
            <th className="number">{t('Smallest part')}</th>
            <th className="number">{t('Days late at most')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <tr key={line.key}>
              <td>
                <input
                  type="text"
                  required
                  list="quote-items"
                  aria-label={t('Product')}
                  value={line.item}
                  style={{ width: '100%', minWidth: 140 }}
                  onFocus={() => setSearch(line.item)}
                  onChange={(event) => {
                    setSearch(event.target.value);
                    change(line.key, { item: event.target.value });
                  }}
                />
              </td>
              <td>
                <select
                  aria-label={t('Warehouse')}
                  value={line.location}
                  onChange={(event) => change(line.key, { location: event.target.value })}
                >
                  <option value="">{t('where it is sold')}</option>
                  {locations.map((name) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
              </td>
              <td className="number">
                <Quantity
                  required
                  label={t('Quantity')}
                  value={line.quantity}
                  onChange={(quantity) => change(line.key, { quantity })}
                />
              </td>
              <td>
                <input
                  type="date"
                  aria-label={t('Wanted on')}
                  value={line.date}
                  onChange={(event) => change(line.key, { date: event.target.value })}
                />
              </td>
              <td className="number">
                <Quantity
                  label={t('Smallest part')}
                  value={line.minimumShipment}
                  onChange={(minimumShipment) => change(line.key, { minimumShipment })}
                />
              </td>
              <td className="number">
                <Quantity
                  label={t('Days late at most')}
                  value={line.maximumLatenessDays}
                  onChange={(maximumLatenessDays) => change(line.key, { maximumLatenessDays })}
                />
              </td>
              <td>
                {lines.length > 1 && (
                  <button
                    type="button"
                    className="button plain"
                    aria-label={t('Remove line {line}', { line: index + 1 })}
                    onClick={() => onChange(lines.filter(({ key }) => key !== line.key))}
                  >
                    ×
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <button
          type="button"
          className="button"
          onClick={() => onChange([...lines, freshLine((last?.key ?? 0) + 1, last?.location)])}
        >
          {t('Another line')}
        </button>
      </p>
    </>
  );
}

interface QuantityProps {
  label: string;
  value: string;
  required?: boolean;
  onChange: (value: string) => void;
}

function Quantity({ label, value, required = false, onChange }: QuantityProps) {
  return (
    <input
      type="number"
      min={0}
      step="any"
      required={required}
      aria-label={label}
      value={value}
      style={{ width: 90, textAlign: 'right' }}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
