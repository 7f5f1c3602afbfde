// What the automations need of a web shop, whichever it is. Shapes only; products are known by their SKU, Odoo's internal reference.

export interface StoreProduct {
  id: number;
  name: string;
  /** Its own, then those of its variants, without blanks around; empty ones left out. */
  skus: readonly string[];
  visible: boolean;
  featured: boolean;
  /** Lower ones stand further in front. */
  sortOrder: number;
  totalSold: number;
  /** Products that are shown beside it, in this order. Empty = the shop chooses. */
  related: readonly number[];
  /** Path of its page, or null. */
  path: string | null;
  /** Address of its main picture, or null. */
  image: string | null;
}

/** What is given is set; the rest stays. */
export interface ProductChange {
  id: number;
  visible?: boolean;
  featured?: boolean;
  sortOrder?: number;
  totalSold?: number;
  related?: readonly number[];
}

export interface Coupon {
  id: number;
  code: string;
  name: string;
  /** As the shop calls it: `per_total_discount`. */
  kind: string;
  /** As the shop writes it. */
  amount: string;
  minimum: string;
  /** Milliseconds since 1970; null = never. */
  expiresAt: number | null;
  uses: number;
}

export interface NewCoupon {
  code: string;
  name: string;
  /** Off the order, once. */
  amount: number;
  /** Only for orders with one of these products; empty = all. */
  products: readonly number[];
  /** Of the order. */
  minimum: number;
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** How often it can be used. */
  uses: number;
}

export interface Storefront {
  /** Address of the shop for customers, without a slash at the end; null = not known. */
  readonly address: string | null;
  /** All products, pages of them by id. */
  products(signal?: AbortSignal): AsyncIterable<StoreProduct[]>;
  /**
   * Sets products to these values; may be repeated.
   * @returns by id, what the shop says against a change, or null when it is done
   * @throws PlanbridgeError PB_AUTOMATION_UNREACHABLE, PB_AUTOMATION_REFUSED when it is not about single products
   */
  update(changes: readonly ProductChange[], signal?: AbortSignal): Promise<ReadonlyMap<number, string | null>>;
  /** How many products one request changes. */
  readonly batch: number;
  coupons(signal?: AbortSignal): AsyncIterable<Coupon[]>;
  findCoupon(code: string, signal?: AbortSignal): Promise<Coupon | null>;
  /** Once for a code: one that is there already is answered. */
  createCoupon(coupon: NewCoupon, signal?: AbortSignal): Promise<Coupon>;
  /** One that is gone is removed. */
  deleteCoupon(id: number, signal?: AbortSignal): Promise<void>;
}
