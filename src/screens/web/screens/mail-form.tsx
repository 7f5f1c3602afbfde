// The order of a mail as a form: product by search, quantity, unit, day. What is sent is checked by the server like any order.
import { useState } from 'react';
import { api, query } from '../kit/api.ts';
import { Choose, type ChooseOption } from '../kit/choose.tsx';
import { start } from '../kit/start.ts';
import { numberText, t } from '../kit/words.ts';
import type { Item, Talk } from './mail-words.ts';

interface Draft {
  key: number;
  product: number | null;
  written: string;
  item: Item | null;
  quantity: string;
  uom: string;
  day: string;
}

export interface OrderBody {
  lines: { product: number; quantity: number; uom: string | null; deliveryDate: string | null }[];
  customerReference: string | null;
  address: string | null;
}

interface FoundProduct extends ChooseOption {
  id: number;
  item: Item;
}

async function findProducts(search: string, signal: AbortSignal): Promise<FoundProduct[]> {
  const path = `/api/mail/products${query({ search, language: start.language })}`;
  const { products } = await api.get<{ products: (Item & { id: number })[] }>(path, signal);
  return products.map(({ id, ...item }) => ({
    id,
    item,
    key: String(id),
    label: nameOf(item),
    hint: item.free === null ? '' : t('{count} free', { count: item.free }),
  }));
}

export const nameOf = ({ code, name }: Item) => (code ? `[${code}] ${name}` : name);

let serial = 0;
const emptyLine = (): Draft => ({
  key: ++serial,
  product: null,
  written: '',
  item: null,
  quantity: '',
  uom: '',
  day: '',
});

function draftOf({ lines }: Talk): Draft[] {
  if (lines.length === 0) return [emptyLine()];
  return lines.map(({ product, written, item, quantity, uom, day }) => ({
    key: ++serial,
    product: item ? product : null,
    written: written ?? '',
    item,
    quantity: quantity === null ? '' : String(quantity),
    uom: uom ?? item?.unit ?? '',
    day: day ?? '',
  }));
}

export interface OrderFormProps {
  talk: Talk;
  busy: boolean;
  onSend: (how: 'lines' | 'make', order: OrderBody) => void;
  onLeave: () => void;
  /** Line that the cursor is in, so that its place in the mail can be shown. */
  onLook: (line: number | null) => void;
}

export function OrderForm({ talk, busy, onSend, onLeave, onLook }: OrderFormProps) {
  const [lines, setLines] = useState(() => draftOf(talk));
  const [reference, setReference] = useState(talk.reference ?? '');
  const [address, setAddress] = useState(talk.address ?? '');
  const change = (key: number, more: Partial<Draft>) =>
    setLines((before) => before.map((line) => (line.key === key ? { ...line, ...more } : line)));
  const complete = lines.length > 0 && lines.every((line) => line.product !== null && Number(line.quantity) > 0);

  function send(how: 'lines' | 'make'): void {
    onSend(how, {
      lines: lines.map(({ product, quantity, uom, day }) => ({
        product: product!,
        quantity: Number(quantity),
        uom: uom || null,
        deliveryDate: day || null,
      })),
      customerReference: reference.trim() || null,
      address: address.trim() || null,
    });
  }

  return (
    <form
      className="card"
      aria-label={t('Correct the order')}
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) send('lines');
      }}
    >
      <h2>{t('Correct the order')}</h2>
      <table className="plain order">
        <thead>
          <tr>
            <th>{t('Product')}</th>
            <th className="number">{t('Quantity')}</th>
            <th>{t('Unit')}</th>
            <th>{t('Delivery date')}</th>
            <th aria-label={t('Remove')} />
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, product, written, item, quantity, uom, day }, index) => {
            const number = index + 1;
            return (
              <tr key={key} onFocus={() => onLook(number)}>
                <td>
                  <Choose<FoundProduct>
                    label={t('Product of line {number}', { number })}
                    name="products"
                    value={item ? nameOf(item) : ''}
                    placeholder={written || t('Code, name or barcode')}
                    invalid={product === null}
                    find={findProducts}
                    onChoose={(chosen) =>
                      change(key, {
                        product: chosen.id,
                        item: chosen.item,
                        uom: chosen.item.units.includes(uom) ? uom : chosen.item.unit,
                      })
                    }
                  />
                  {item && item.free !== null && (
                    <div className="soft">{t('{count} free', { count: numberText(item.free) })}</div>
                  )}
                </td>
                <td>
                  <input
                    type="number"
                    className="number"
                    min="0"
                    step="any"
                    required
                    aria-label={t('Quantity of line {number}', { number })}
                    aria-invalid={!(Number(quantity) > 0)}
                    value={quantity}
                    onChange={(event) => change(key, { quantity: event.target.value })}
                  />
                </td>
                <td>
                  <select
                    aria-label={t('Unit of line {number}', { number })}
                    value={uom}
                    onChange={(event) => change(key, { uom: event.target.value })}
                  >
                    {[...new Set([...(uom ? [uom] : ['']), ...(item?.units ?? [])])].map((unit) => (
                      <option key={unit} value={unit}>
                        {unit}
                      </option>
                    ))}
                  </select>
                </td>
                <td>
                  <input
                    type="date"
                    aria-label={t('Delivery date of line {number}', { number })}
                    value={day}
                    onChange={(event) => change(key, { day: event.target.value })}
                  />
                </td>
                <td>
                  <button
                    type="button"
                    className="button plain"
                    aria-label={t('Remove line {number}', { number })}
                    disabled={lines.length === 1}
                    onClick={() => setLines((before) => before.filter((line) => line.key !== key))}
                  >
                    ×
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className="row" style={{ margin: '.6rem 0' }}>
        <button type="button" className="button" onClick={() => setLines((before) => [...before, emptyLine()])}>
          {t('Add a line')}
        </button>
      </div>
      <div className="row">
        <label className="field" style={{ flex: 1 }}>
          <span>{t("Customer's reference")}</span>
          <input type="text" maxLength={200} value={reference} onChange={(event) => setReference(event.target.value)} />
        </label>
        <label className="field" style={{ flex: 2 }}>
          <span>{t('Delivery address')}</span>
          <input type="text" maxLength={1_000} value={address} onChange={(event) => setAddress(event.target.value)} />
        </label>
      </div>
      <div className="row end" style={{ marginTop: '.8rem' }}>
        <button type="submit" className="button primary" disabled={!complete || busy}>
          {t('Go on with these lines')}
        </button>
        <button
          type="button"
          className="button"
          disabled={!complete || busy}
          title={t('Makes the order in Odoo whatever the stock')}
          onClick={() => send('make')}
        >
          {t('Make the order anyway')}
        </button>
        <button type="button" className="button" onClick={onLeave}>
          {t('Cancel')}
        </button>
      </div>
      <p className="soft">{t('Free stock is checked again; what is short is asked of the customer.')}</p>
    </form>
  );
}
