// The sales orders that are open today, in every state.

export interface Sale {
  /** Days from today: when it was ordered, and when the customer wants it. */
  ordered: number;
  wanted: number;
  customer: number;
  lines: readonly (readonly [product: number, quantity: number])[];
  state: 'draft' | 'sent' | 'sale' | 'cancel' | 'partly delivered' | 'delivered';
  warehouse?: number;
  atOnce?: boolean;
}

/** The first one takes all pump housings there are, so that another order is late, as one for door handles is. */
export const SALES: readonly Sale[] = [
  {
    ordered: -12,
    wanted: 9,
    customer: 20,
    lines: [
      [5, 10],
      [2, 120],
    ],
    state: 'sale',
  },
  {
    ordered: -11,
    wanted: 2,
    customer: 27,
    lines: [
      [21, 200],
      [22, 80],
    ],
    state: 'sale',
  },
  {
    ordered: -11,
    wanted: -2,
    customer: 24,
    lines: [
      [9, 240],
      [11, 600],
    ],
    state: 'sale',
  },
  {
    ordered: -10,
    wanted: 4,
    customer: 25,
    lines: [
      [7, 20],
      [8, 20],
      [15, 30],
    ],
    state: 'sale',
    atOnce: true,
  },
  { ordered: -10, wanted: 6, customer: 22, lines: [[20, 30]], state: 'sale' },
  {
    ordered: -9,
    wanted: 1,
    customer: 21,
    lines: [
      [4, 90],
      [2, 40],
    ],
    state: 'partly delivered',
  },
  {
    ordered: -9,
    wanted: 11,
    customer: 23,
    lines: [
      [17, 40],
      [46, 120],
      [47, 60],
    ],
    state: 'sale',
  },
  {
    ordered: -8,
    wanted: 14,
    customer: 26,
    lines: [
      [18, 60],
      [21, 150],
    ],
    state: 'sale',
  },
  {
    ordered: -8,
    wanted: 3,
    customer: 28,
    lines: [
      [3, 50],
      [6, 60],
    ],
    state: 'sale',
  },
  { ordered: -7, wanted: 1, customer: 20, lines: [[5, 16]], state: 'sale' },
  {
    ordered: -7,
    wanted: 8,
    customer: 24,
    lines: [
      [10, 120],
      [12, 400],
    ],
    state: 'sale',
  },
  {
    ordered: -6,
    wanted: 20,
    customer: 25,
    lines: [
      [19, 25],
      [6, 80],
    ],
    state: 'sale',
  },
  { ordered: -6, wanted: 5, customer: 27, lines: [[23, 60]], state: 'sale' },
  {
    ordered: -5,
    wanted: 18,
    customer: 22,
    lines: [
      [16, 160],
      [11, 1200],
    ],
    state: 'sale',
  },
  { ordered: -5, wanted: 7, customer: 26, lines: [[21, 50]], state: 'sale', warehouse: 2 },
  {
    ordered: -4,
    wanted: 24,
    customer: 21,
    lines: [
      [2, 160],
      [3, 80],
    ],
    state: 'sale',
  },
  { ordered: -3, wanted: 28, customer: 28, lines: [[4, 200]], state: 'sale' },
  {
    ordered: -2,
    wanted: 30,
    customer: 23,
    lines: [
      [48, 90],
      [15, 40],
    ],
    state: 'sale',
  },
  { ordered: -9, wanted: -3, customer: 26, lines: [[22, 40]], state: 'delivered' },
  { ordered: -8, wanted: -1, customer: 28, lines: [[2, 24]], state: 'delivered' },
  {
    ordered: -6,
    wanted: 22,
    customer: 20,
    lines: [
      [2, 300],
      [5, 24],
    ],
    state: 'sent',
  },
  { ordered: -4, wanted: 26, customer: 27, lines: [[22, 400]], state: 'sent' },
  {
    ordered: -3,
    wanted: 35,
    customer: 25,
    lines: [
      [7, 40],
      [8, 40],
    ],
    state: 'sent',
  },
  { ordered: -2, wanted: 21, customer: 24, lines: [[9, 600]], state: 'draft' },
  {
    ordered: -2,
    wanted: 33,
    customer: 22,
    lines: [
      [20, 80],
      [45, 2],
    ],
    state: 'draft',
  },
  { ordered: -1, wanted: 40, customer: 23, lines: [[17, 100]], state: 'draft' },
  { ordered: -1, wanted: 15, customer: 21, lines: [[4, 60]], state: 'draft' },
  { ordered: 0, wanted: 29, customer: 26, lines: [[18, 120]], state: 'draft' },
  { ordered: -7, wanted: 10, customer: 28, lines: [[6, 40]], state: 'cancel' },
  { ordered: -4, wanted: 13, customer: 24, lines: [[12, 200]], state: 'cancel' },
];
