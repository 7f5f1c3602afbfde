// Mails that come into the middle of things: open and closed questions, confirmations, orders of others, second copies, people of
// the same company and strangers. Written down before they were played, by the rules of reading and the table of transitions.
import type { CorpusSent } from '../../../src/mail/corpus/folder.ts';
import { rawMail, type TestMail } from '../support.ts';

export const OWN = 'orders@brennhof.example.com';
export const STAFF = 'rosa@brennhof.example.com';

function product(id: number, code: string | null, names: Record<string, string>, more: Record<string, unknown> = {}) {
  const own = {
    barcode: null,
    uom: 'Stück',
    active: true,
    saleOk: true,
    type: 'product',
    price: 10,
    vendor: 501,
    leadDays: 7,
  };
  return { id, default_code: code, name: names, onHand: 100, free: 100, ...own, ...more };
}

function partner(id: number, name: string, email: string | null, more: Record<string, unknown> = {}) {
  const own = {
    isCompany: true,
    parent: null,
    lang: 'de_DE',
    country: 'DE',
    street: `Weg ${id}`,
    zip: '10115',
    city: 'Berlin',
  };
  return { id, name, email, ...own, ...more };
}

/** No English, a unit of its own kind, a company without an address, two companies that share nothing. */
export const CATALOGUE = {
  name: 'brennhof',
  company: { name: 'Brennhof GmbH', country: 'DE', timeZone: 'Europe/Berlin', currency: 'EUR' },
  products: [
    product(1, 'BH-1', { de: 'Lagerbock', fr: 'Palier' }, { uom: 'Units' }),
    product(2, 'BH-2', { de: 'Flansch', fr: 'Bride' }, { uom: 'Units', free: 6, onHand: 10 }),
    product(3, 'BH-3', { de: 'Nabe', fr: 'Moyeu' }, { uom: 'Units', free: 0, onHand: 0, vendor: null }),
    product(4, 'BH-4', { de: 'Deckel', fr: 'Couvercle' }, { uom: 'Units', free: 0, onHand: 4, vendor: 502 }),
    product(5, 'BH-5', { de: 'Strahlmittel', fr: 'Grenaille' }, { uom: 'kg', free: 25.5, onHand: 25.5 }),
    product(
      6,
      'BH-6',
      { de: 'Einrichten', fr: 'Réglage' },
      { uom: 'Hours', type: 'service', free: null, onHand: 0, vendor: null },
    ),
    product(7, 'BH-7', { de: 'Altes Rad', fr: 'Ancienne roue' }, { active: false, uom: 'Units' }),
    product(8, 'BH-8', { de: 'Rohling', fr: 'Ébauche' }, { saleOk: false, uom: 'Units' }),
    product(9, 'BH-9', { de: 'Kantenschutz', fr: 'Protège-arête' }, { uom: 'Rollen à 25 m' }),
  ],
  vendors: [
    partner(501, 'Gießerei Harz', 'vertrieb@giesserei-harz.example.com'),
    partner(502, 'Deckelwerk', 'auftrag@deckelwerk.example.com'),
  ],
  partners: [
    partner(1, 'Adler AG', 'einkauf@adler.example.com'),
    partner(2, 'Jana Voss', 'j.voss@adler.example.com', { isCompany: false, parent: 1 }),
    partner(3, 'Birke KG', null),
    partner(4, 'Olaf Rist', 'rist@birke.example.org', { isCompany: false, parent: 3, country: null }),
    partner(5, 'Cobalt Inc', 'po@cobalt.example.net', {
      lang: 'en_US',
      country: 'US',
      street: null,
      zip: null,
      city: null,
    }),
  ],
  customerCodes: [
    { partner: 1, code: 'A-77', product: 1 },
    { partner: 5, code: 'C-77', product: 2 },
  ],
};

export const NOW = '2026-11-23T09:00:00+01:00';
export const ADLER = 'Einkauf <einkauf@adler.example.com>';
const VOSS = 'Jana Voss <j.voss@adler.example.com>';
const RIST = 'Olaf Rist <rist@birke.example.org>';
const COBALT = 'po@cobalt.example.net';
const STRANGER = 'Kim <kim@elsewhere.example>';
const ID = '<PB.scene@brennhof.example.com>';
const TOKEN = 'PB-ABCDEFGHIJKL';

export interface Scene {
  name: string;
  mail: TestMail & { messageId?: string | null };
  now?: string;
  sent?: readonly Partial<CorpusSent>[];
  after?: readonly string[];
  /** As `inShort` writes it. */
  read: string;
  /** State of the conversation; then what Odoo has sold and bought, and which answers went out. */
  end: string;
}

function sent(to: string, lines: readonly [number, number][], more: Partial<CorpusSent> = {}): Partial<CorpusSent> {
  return {
    ...{ messageId: ID, token: TOKEN, to, kind: 'short', open: true, subject: 'Insufficient Stock Notice' },
    sentAt: '2026-11-20T16:00:00+01:00',
    order: { lines: lines.map(([id, quantity]) => ({ product: id, quantity, uom: 'Units' })) },
    ...more,
  };
}

const SHORT = [sent('einkauf@adler.example.com', [[2, 10]])];
const ANSWERS = [`In-Reply-To: ${ID.toLowerCase()}`];

function reply(from: string, text: string): TestMail {
  return { from, subject: 'AW: Insufficient Stock Notice', text, headers: ANSWERS };
}

function order(from: string, text: string, more: TestMail & { messageId?: string | null } = {}) {
  return { from, text, ...more };
}

export const SCENES: readonly Scene[] = [
  // --- an open question
  {
    name: 'r1',
    mail: reply(ADLER, '1'),
    sent: SHORT,
    read: 'reply | choice 1',
    end: 'ordered; sold 6 BH-2; confirmation',
  },
  {
    name: 'r1-colleague',
    mail: reply(VOSS, 'Option 1 bitte'),
    sent: SHORT,
    read: 'reply | choice 1',
    end: 'ordered; sold 6 BH-2; confirmation',
  },
  {
    name: 'r1-nothing-left',
    mail: reply(ADLER, '1'),
    sent: [sent('einkauf@adler.example.com', [[4, 3]])],
    read: 'reply | choice 1',
    end: 'waiting-for-choice; shortage',
  },
  {
    name: 'r1-other-products',
    mail: reply(ADLER, '1\n\n- Produkt: BH-1\n- Menge: 12\n- Liefertermin: 15.12.2026'),
    sent: SHORT,
    read: 'reply | choice 1 | 1 12 Units 2026-12-15',
    end: 'ordered; sold 12 BH-1; confirmation',
  },
  {
    name: 'r1-other-product-short-too',
    mail: reply(ADLER, '1\n\n- Produkt: BH-4\n- Menge: 2\n\n- Produkt: BH-1\n- Menge: 3'),
    sent: SHORT,
    read: 'reply | choice 1 | 4 2 Units | 1 3 Units',
    end: 'waiting-for-choice; sold 3 BH-1; shortage',
  },
  {
    name: 'r1-wrong-lines',
    mail: reply(ADLER, '1\n\n- Produkt: BH-1\n- Menge: viele'),
    sent: SHORT,
    read: 'reply | choice 1 | 1 ? Units | 1 quantity not-a-number',
    end: 'waiting-for-choice; errors',
  },
  {
    name: 'r2',
    mail: reply(ADLER, 'Wir stornieren nicht, wir warten.'),
    sent: SHORT,
    read: 'reply | choice 2',
    end: 'waiting-for-stock; sold 10 BH-2; bought 4 BH-2 of 501; replenishment, waiting',
  },
  {
    name: 'r2-other-quantity',
    mail: reply(ADLER, '2\n\n- Produkt: BH-4\n- Menge: 9'),
    sent: [
      sent('einkauf@adler.example.com', [
        [4, 3],
        [2, 8],
      ]),
    ],
    read: 'reply | choice 2 | 4 9 Units',
    end: 'waiting-for-stock; sold 9 BH-4, 8 BH-2; bought 9 BH-4 of 502, 2 BH-2 of 501; replenishment, replenishment, waiting',
  },
  {
    name: 'r2-no-vendor',
    mail: reply(ADLER, '2'),
    sent: [sent('einkauf@adler.example.com', [[3, 2]])],
    read: 'reply | choice 2',
    end: 'waiting-for-stock, person; sold 2 BH-3; waiting',
  },
  {
    name: 'r3',
    mail: reply(ADLER, 'Bitte stornieren'),
    sent: SHORT,
    read: 'reply | choice 3',
    end: 'cancelled; cancelled',
  },
  {
    name: 'r-question',
    mail: reply(ADLER, 'Was kostet Option 2?'),
    sent: SHORT,
    read: 'reply | choice null',
    end: 'waiting-for-choice; choices-again',
  },
  {
    name: 'r-unreadable-twice',
    mail: reply(ADLER, 'Hm, ich weiß noch nicht recht.'),
    now: '2026-11-23T10:00:00+01:00',
    after: ['r-question'],
    read: 'reply | choice null',
    end: 'waiting-for-choice; choices-again',
  },
  {
    name: 'r-unreadable-three-times',
    mail: reply(ADLER, 'Ich melde mich noch einmal.'),
    now: '2026-11-23T11:00:00+01:00',
    after: ['r-unreadable-twice'],
    read: 'reply | choice null',
    end: 'person, person',
  },
  {
    name: 'r-subject-asked-twice',
    mail: { from: ADLER, subject: 'Reply: Insufficient Stocks', text: '3' },
    now: '2026-11-23T10:00:00+01:00',
    after: ['r-question'],
    read: 'reply | choice 3',
    end: 'cancelled; cancelled',
  },
  { name: 'r-stranger', mail: reply(STRANGER, '3'), sent: SHORT, read: 'question', end: 'person, person' },
  {
    name: 'r-stranger-token',
    mail: { from: STRANGER, subject: `Re: Insufficient Stock Notice [${TOKEN}]`, text: '1' },
    sent: SHORT,
    read: 'question',
    end: 'person, person',
  },
  {
    name: 'r-token-alone',
    mail: { from: VOSS, subject: `Bestellung [${TOKEN}]`, text: '3' },
    sent: SHORT,
    read: 'reply | choice 3',
    end: 'cancelled; cancelled',
  },
  {
    name: 'r-subject-one-open',
    mail: { from: ADLER, subject: 'Reply: Insufficient Stocks', text: '3' },
    sent: SHORT,
    read: 'reply | choice 3',
    end: 'cancelled; cancelled',
  },
  {
    name: 'r-subject-two-open',
    mail: { from: ADLER, subject: 'Reply: Insufficient Stocks', text: '3' },
    sent: [
      ...SHORT,
      sent('einkauf@adler.example.com', [[4, 2]], {
        messageId: '<pb.other@brennhof.example.com>',
        token: 'PB-MNOPQRSTUVWX',
      }),
    ],
    read: 'reply | choice 3 | conversation ambiguous',
    end: 'closed; which',
  },
  {
    name: 'r-which-was-meant',
    mail: reply(ADLER, `2\n\nAm 20.11.2026 schrieb Brennhof:\n> Insufficient Stock Notice [${TOKEN}]\n> 3 - cancel`),
    now: '2026-11-23T10:00:00+01:00',
    after: ['r-subject-two-open'],
    read: 'reply | choice 2',
    end: 'waiting-for-stock; sold 10 BH-2; bought 4 BH-2 of 501; replenishment, waiting',
  },
  {
    name: 'came-back',
    mail: {
      ...{
        from: 'MAILER-DAEMON@mx.example.com',
        subject: 'Undelivered',
        text: `The mail ${ID} to einkauf@adler.example.com came back.`,
      },
      headers: ['Return-Path: <>'],
    },
    sent: SHORT,
    read: 'ignored bounce',
    end: 'person, person',
  },

  // --- below other mails of ours
  {
    name: 'cancel-confirmed',
    mail: reply(ADLER, 'Bitte stornieren Sie unsere Bestellung.'),
    sent: [sent('einkauf@adler.example.com', [[1, 5]], { kind: 'confirmation', open: false })],
    read: 'question',
    end: 'ordered, person',
  },
  {
    name: 'order-below-confirmation',
    mail: reply(ADLER, 'Bitte noch 4 x BH-1'),
    sent: [sent('einkauf@adler.example.com', [[1, 5]], { kind: 'confirmation', open: false })],
    read: 'order | 1 4 Units',
    end: 'ordered; sold 4 BH-1; confirmation',
  },
  {
    name: 'correction',
    mail: reply(ADLER, '- Produkt: BH-1\n- Menge: 7'),
    sent: [sent('einkauf@adler.example.com', [], { kind: 'format-error' })],
    read: 'order | 1 7 Units',
    end: 'ordered; sold 7 BH-1; confirmation',
  },
  {
    name: 'correction-wrong-again',
    mail: reply(ADLER, '- Produkt: BH-1\n- Menge: 0'),
    sent: [sent('einkauf@adler.example.com', [], { kind: 'format-error' })],
    read: 'order | 1 0 Units | 1 quantity zero',
    end: 'waiting-for-correction; errors',
  },
  {
    name: 'correction-too-late',
    mail: reply(ADLER, '- Produkt: BH-1\n- Menge: 7'),
    sent: [sent('einkauf@adler.example.com', [], { kind: 'format-error', open: false })],
    read: 'order | 1 7 Units',
    end: 'ordered; sold 7 BH-1; confirmation',
  },
  {
    name: 'vendor',
    mail: reply('vertrieb@giesserei-harz.example.com', 'Wir liefern 5 x BH-2 am 12.12.2026.'),
    sent: [sent('vertrieb@giesserei-harz.example.com', [[2, 5]], { kind: 'replenishment', open: false })],
    read: 'question',
    end: 'waiting-for-stock, person',
  },

  // --- again
  {
    name: 'first',
    mail: order(ADLER, 'Unsere Bestellnummer: A-1\n\n- Produkt: BH-1\n- Menge: 30'),
    read: 'order | 1 30 Units',
    end: 'ordered; sold 30 BH-1; confirmation',
  },
  {
    name: 'first-again',
    mail: order(VOSS, 'Unsere Bestellnummer: A-1\n\n- Menge: 30\n- Produkt: A-77'),
    after: ['first'],
    now: '2026-11-23T19:00:00+01:00',
    read: 'order | 1 30 Units | again first',
    end: 'ordered; repeated',
  },
  {
    name: 'first-other-reference',
    mail: order(ADLER, 'Unsere Bestellnummer: A-2\n\n- Produkt: BH-1\n- Menge: 30'),
    after: ['first'],
    read: 'order | 1 30 Units',
    end: 'ordered; sold 30 BH-1; confirmation',
  },
  {
    name: 'first-days-later',
    mail: order(ADLER, '- Produkt: BH-1\n- Menge: 30'),
    after: ['first'],
    now: '2026-11-25T09:00:00+01:00',
    read: 'order | 1 30 Units',
    end: 'ordered; sold 30 BH-1; confirmation',
  },
  {
    name: 'with-id',
    mail: order(ADLER, '8 x BH-1', { messageId: '<one@adler.example.com>' }),
    read: 'order | 1 8 Units',
    end: 'ordered; sold 8 BH-1; confirmation',
  },
  {
    name: 'with-id-copy',
    mail: order(ADLER, '8 x BH-1', { messageId: '<one@adler.example.com>', headers: ['X-Copy: 2'] }),
    after: ['with-id'],
    read: 'ignored duplicate-message',
    end: '',
  },
  {
    name: 'sent-again',
    mail: order(ADLER, 'Bestellnummer: K-9\n\n- Produkt: BH-1\n- Menge: 5\n- Liefertermin: 15.12.2026'),
    sent: [
      sent('j.voss@adler.example.com', [], {
        ...{ kind: 'confirmation', open: false, sentAt: '2026-11-23T08:00:00+01:00' },
        order: { customerReference: 'K-9', lines: [{ product: 1, quantity: 5, uom: 'Units' }] },
      }),
    ],
    read: `order | 1 5 Units 2026-12-15 | again ${ID}`,
    end: 'ordered; repeated',
  },
  {
    name: 'stock-taken-before',
    mail: order(RIST, '- Produkt: BH-1\n- Menge: 80'),
    after: ['first'],
    read: 'order | 1 80 Units',
    end: 'waiting-for-choice; shortage',
  },
  {
    name: 'short-before',
    mail: order(ADLER, '- Produkt: BH-2\n- Menge: 9'),
    read: 'order | 2 9 Units',
    end: 'waiting-for-choice; shortage',
  },
  {
    name: 'short-before-answered',
    mail: { from: ADLER, subject: 'Reply: Insufficient Stocks', text: '2' },
    after: ['short-before'],
    now: '2026-11-23T12:00:00+01:00',
    sent: [
      sent('einkauf@adler.example.com', [], {
        order: { lines: [{ product: 2, quantity: 9, uom: 'Units' }] },
        sentAt: '2026-11-23T09:01:00+01:00',
      }),
    ],
    read: 'reply | choice 2',
    end: 'waiting-for-stock; sold 9 BH-2; bought 3 BH-2 of 501; replenishment, waiting',
  },

  // --- orders of all kinds
  {
    name: 'new-customer',
    mail: order(STRANGER, 'Lieferadresse: Am Hang 4, 04103 Leipzig\n\n- Produkt: Lagerbock\n- Menge: 2 Dutzend'),
    read: 'order | 1 2 Dozens',
    end: 'ordered; sold 2 BH-1; confirmation',
  },
  {
    name: 'company-of-a-contact',
    mail: order(RIST, '- Produkt: Palier\n- Menge: 3', { headers: ['Reply-To: lager@birke.example.org'] }),
    read: 'order | 1 3 Units',
    end: 'ordered; sold 3 BH-1; confirmation',
  },
  {
    name: 'delivered-elsewhere',
    mail: order(ADLER, 'Lieferadresse: Hafenstraße 9, 20457 Hamburg\n\n- Produkt: BH-1\n- Menge: 3'),
    read: 'order | 1 3 Units',
    end: 'ordered; sold 3 BH-1; confirmation',
  },
  {
    name: 'own-street',
    mail: order(ADLER, 'Lieferadresse: Weg 1\n\n- Produkt: BH-1\n- Menge: 3'),
    read: 'order | 1 3 Units',
    end: 'ordered; sold 3 BH-1; confirmation',
  },
  {
    name: 'some-cannot-be-had',
    mail: order(
      ADLER,
      '- Produkt: BH-7\n- Menge: 1\n\n- Produkt: BH-2\n- Menge: 7\n\n- Produkt: BH-1\n- Menge: 2\n\n- Produkt: C-77\n- Menge: 3',
    ),
    read: 'order | ? 1 ? | 2 7 Units | 1 2 Units | ? 3 ? | 1 product archived | 4 product unknown',
    end: 'waiting-for-choice; sold 2 BH-1; shortage',
  },
  {
    name: 'none-can-be-had',
    mail: order(ADLER, '- Produkt: BH-8\n- Menge: 1'),
    read: 'order | ? 1 ? | 1 product not-for-sale',
    end: 'waiting-for-correction; errors',
  },
  {
    name: 'first-order-with-address',
    mail: order(COBALT, 'Ship to: 12 Mill Road, Dayton\n\n- Product: C-77\n- Quantity: 2\n- Delivery date: 12/01/2026'),
    read: 'order | 2 2 Units 2026-12-01',
    end: 'ordered; sold 2 BH-2; confirmation',
  },
  {
    name: 'past-midnight-there',
    mail: order(ADLER, '- Produkt: BH-1\n- Menge: 1\n- Liefertermin: 24.11.2026'),
    now: '2026-11-25T00:20:00+05:30',
    read: 'order | 1 1 Units | 1 deliveryDate past',
    end: 'waiting-for-correction; errors',
  },
  { name: 'own', mail: order(OWN, '8 x BH-1'), read: 'ignored own-address', end: '' },
];

/** @param more what the head has beside what every mail has */
export function rawScene({ mail }: Scene): Buffer {
  const { messageId, headers = [], ...rest } = mail;
  return rawMail({ ...rest, headers: [...headers, ...(messageId ? [`Message-ID: ${messageId}`] : [])] });
}
