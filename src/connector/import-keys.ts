// How our orders are recognised: hashes of what an order is, and the short key that a record of Odoo carries in its origin.
import { createHash } from 'node:crypto';
import { type CreateCommand, keysOf } from '../mapping/commands.ts';

/** Of an order's key or slot. */
export function digest(text: string): string {
  return text === '' ? '' : createHash('sha256').update(text).digest('hex').slice(0, 40);
}

/** Of a record to create, by the orders in it: letters and digits, 14 of them. */
export function tokenOf(command: CreateCommand): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(keysOf(command)))
    .digest('hex');
  return BigInt(`0x${hash.slice(0, 20)}`)
    .toString(36)
    .padStart(16, '0')
    .slice(0, 14);
}
