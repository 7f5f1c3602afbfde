// What the forms of a web site have brought: requests for a design, and who wants to know when a product is back in stock. Both are
// taken once: the same again is noticed.
import { createHash } from 'node:crypto';
import type { Query, Store } from '../../store/database.ts';

export interface DesignRequest {
  name: string;
  email: string;
  phone: string;
  /** Whatever else the form asks: address, goals, timeline, … */
  details: Readonly<Record<string, string>>;
}

export interface StoredDesignRequest extends DesignRequest {
  id: number;
  receivedAt: Date;
}

export interface StockRequest {
  id: number;
  email: string;
  name: string;
  /** Internal reference or number of the product. */
  product: string;
  requestedAt: Date;
}

const SAME_DAYS = 30;
const DAY_MS = 86_400_000;

/** @returns false when the same person has asked the same within thirty days */
export async function addDesignRequest(
  store: Pick<Store, 'transaction'>,
  request: DesignRequest,
  now: number,
): Promise<boolean> {
  const { name, email, phone, details } = request;
  const hash = createHash('sha256')
    .update(JSON.stringify([email.toLowerCase(), phone.replace(/\D/g, ''), Object.entries(details).toSorted()]))
    .digest('hex');
  return await store.transaction(async (query) => {
    await query('select pg_advisory_xact_lock(hashtextextended($1, 5))', [hash]);
    const known = 'select 1 from planbridge.automation_lead where content_hash = $1 and received_at > $2';
    if ((await query(known, [hash, new Date(now - SAME_DAYS * DAY_MS)])).length > 0) return false;
    await query(
      `insert into planbridge.automation_lead (received_at, name, email, phone, details, content_hash)
       values ($1, $2, $3, $4, $5::jsonb, $6)`,
      [new Date(now), name, email, phone, JSON.stringify(details), hash],
    );
    return true;
  });
}

/** Received in [from, until), oldest first. */
export async function designRequests(query: Query, from: Date, until: Date): Promise<StoredDesignRequest[]> {
  return await query<StoredDesignRequest>(
    `select id::float8 as id, name, email, phone, details, received_at as "receivedAt" from planbridge.automation_lead
     where received_at >= $1 and received_at < $2 order by received_at, id`,
    [from, until],
  );
}

/** @returns false when this person waits for this product already */
export async function addStockRequest(
  query: Query,
  request: Pick<StockRequest, 'email' | 'name' | 'product'>,
  now: number,
): Promise<boolean> {
  const rows = await query(
    `insert into planbridge.automation_stock_request (requested_at, email, name, product) values ($1, $2, $3, $4)
     on conflict (email, product) where served_at is null do nothing returning id`,
    [new Date(now), request.email.toLowerCase(), request.name, request.product],
  );
  return rows.length > 0;
}

/** Those that wait, oldest first. */
export async function waitingStockRequests(query: Query): Promise<StockRequest[]> {
  return await query<StockRequest>(
    `select id::float8 as id, email, name, product, requested_at as "requestedAt" from planbridge.automation_stock_request
     where served_at is null order by requested_at, id`,
  );
}

/** It is served, and no longer waits. */
export async function markStockRequestServed(query: Query, id: number, now: number): Promise<void> {
  await query('update planbridge.automation_stock_request set served_at = $2 where id = $1 and served_at is null', [
    id,
    new Date(now),
  ]);
}
