// Made-up order mails and a made-up catalogue for the benchmark of mails: seven languages, all layouts, the usual attachments.
import type { CatalogueData, CatalogueProduct } from '../src/mail/catalogue.ts';

const NOUNS = ['bracket', 'housing', 'valve', 'lever', 'plate', 'flange', 'gear', 'cover', 'hinge', 'mount'];
const KINDS = ['steel', 'brass', 'zinc', 'small', 'large', 'left', 'right', 'long', 'short', 'round'];

export function madeUpCatalogue(size: number): CatalogueData {
  const products = Array.from({ length: size }, (_, at): CatalogueProduct => {
    const name = `${KINDS[at % 10]} ${NOUNS[Math.floor(at / 10) % 10]} ${at}`;
    return {
      id: at + 1,
      default_code: `PX-${String(at).padStart(5, '0')}`,
      name: { en_US: name, fr_FR: `pièce ${name}`, de_DE: `Teil ${name}` },
      barcode: String(4_000_000_000_000 + at),
      uom: 'Units',
      active: true,
      saleOk: true,
      type: 'product',
      free: (at * 37) % 500,
      price: 10,
      vendor: 1,
      leadDays: 7,
    };
  });
  const countries = ['DE', 'FR', 'US', 'GB', 'NL', 'IT', 'ES', 'TR'];
  const partners = Array.from({ length: Math.ceil(size / 10) }, (_, at) => ({
    id: at + 1,
    name: `Company ${at}`,
    email: `orders@company${at}.example.com`,
    isCompany: true,
    parent: null,
    lang: null,
    country: countries[at % countries.length]!,
  }));
  return { products, partners, customerCodes: [] };
}

interface Words {
  hello: string;
  item: string;
  quantity: string;
  date: string;
  day: string;
  reference: string;
  prose: (lines: readonly [string, number][]) => string;
  bye: string;
}

const both = (and: string, piece: string) => (lines: readonly [string, number][]) =>
  lines.map(([code, amount]) => `${amount} ${piece} ${code}`).join(` ${and} `);

const LANGUAGES: readonly Words[] = [
  {
    hello: 'Dear team,',
    item: 'Item',
    quantity: 'Qty',
    date: 'Delivery date',
    day: '15 January 2027',
    reference: 'PO number',
    prose: (l) => `Please send us ${both('and', 'pcs of')(l)} by 15 January 2027.`,
    bye: 'Kind regards,\nAnn Field\nTel. +44 20 7946 0000',
  },
  {
    hello: 'Bonjour,',
    item: 'Article',
    quantity: 'Quantité',
    date: 'Date de livraison',
    day: '15 janvier 2027',
    reference: 'N° de commande',
    prose: (l) => `Merci de nous livrer ${both('et', 'pièces')(l)} pour le 15 janvier 2027.`,
    bye: 'Cordialement,\nPaul Dupont',
  },
  {
    hello: 'Guten Tag,',
    item: 'Artikel',
    quantity: 'Menge',
    date: 'Liefertermin',
    day: '15.01.2027',
    reference: 'Bestellnummer',
    prose: (l) => `Bitte liefern Sie ${both('und', 'Stück')(l)} bis 15.01.2027.`,
    bye: 'Mit freundlichen Grüßen\nUte Sander\nTelefon 0711 12345',
  },
  {
    hello: 'Goedemorgen,',
    item: 'Artikelnummer',
    quantity: 'Aantal',
    date: 'Leverdatum',
    day: '15-01-2027',
    reference: 'Bestelnummer',
    prose: (l) => `Graag ontvangen wij ${both('en', 'stuks')(l)} voor 15 januari 2027.`,
    bye: 'Met vriendelijke groet,\nJan',
  },
  {
    hello: 'Buongiorno,',
    item: 'Codice',
    quantity: 'Quantità',
    date: 'Data consegna',
    day: '15 gennaio 2027',
    reference: 'Numero ordine',
    prose: (l) => `Vi ordiniamo ${both('e', 'pezzi')(l)} entro il 15 gennaio 2027.`,
    bye: 'Cordiali saluti\nMarco',
  },
  {
    hello: 'Buenos días:',
    item: 'Código',
    quantity: 'Cantidad',
    date: 'Fecha de entrega',
    day: '15/01/2027',
    reference: 'Número de pedido',
    prose: (l) => `Les pedimos ${both('y', 'unidades de')(l)} para el 15 de enero de 2027.`,
    bye: 'Un saludo,\nPilar',
  },
  {
    hello: 'Merhaba,',
    item: 'Ürün kodu',
    quantity: 'Miktar',
    date: 'Teslim tarihi',
    day: '15.01.2027',
    reference: 'Sipariş no',
    prose: (l) => `${both('ve', 'adet')(l)} sipariş ediyoruz, 15 Ocak 2027 tarihine kadar.`,
    bye: 'Saygılarımla\nAyşe',
  },
];

const DISCLAIMER = `\n\nThis e-mail and its attachments are confidential and intended solely for the addressee. ${'If you have received it by mistake, please delete it and tell the sender. '.repeat(6)}`;
const QUOTED = `\n\nOn Mon, 2 Nov 2026 at 10:00, Sales <sales@us.example.com> wrote:\n${'> Dear customer, thank you for your order of 20 x PX-00001.\n'.repeat(25)}`;

function part(type: string, content: string, name?: string): string {
  const disposition = name ? `\r\nContent-Disposition: attachment; filename="${name}"` : '';
  const encoded = Buffer.from(content).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  return `--b\r\nContent-Type: ${type}; charset=utf-8${disposition}\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n`;
}

function tableOf(words: Words, lines: readonly [string, number][]): string {
  const rows = lines.map(([code, amount]) => `<tr><td>${code}</td><td>${amount}</td><td>${words.day}</td></tr>`);
  return `<html><head><style>p{margin:0} .x{display:none}</style></head><body><p>${words.hello}</p><table border="1"><tr><th>${words.item}</th><th>${words.quantity}</th><th>${words.date}</th></tr>${rows.join('')}</table><p>${words.bye.replaceAll('\n', '<br>')}</p></body></html>`;
}

/** The mail of a number: the same number gives the same mail. */
export function madeUpMail(at: number, products: number): Buffer {
  const words = LANGUAGES[at % LANGUAGES.length]!;
  const shape = Math.floor(at / LANGUAGES.length) % 6;
  const count = 1 + (at % 7);
  const lines = Array.from({ length: count }, (_, line): [string, number] => [
    `PX-${String((at * 31 + line * 7919) % products).padStart(5, '0')}`,
    1 + ((at + line * 13) % 90),
  ]);
  const automatic = at % 23 === 0 ? 'Auto-Submitted: auto-replied\r\n' : '';
  const head = `From: Buyer <orders@company${at % Math.ceil(products / 10)}.example.com>\r\nTo: orders@us.example.com\r\nSubject: =?utf-8?B?${Buffer.from(`${words.reference} A-${at}`).toString('base64')}?=\r\nMessage-ID: <${at}@bench.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0100\r\n${automatic}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n`;
  const blocks = lines.map(([code, amount]) => `${words.item}: ${code}\n${words.quantity}: ${amount}`).join('\n\n');
  const bars = [`${words.item} | ${words.quantity}`, ...lines.map(([code, amount]) => `${code} | ${amount}`)].join(
    '\n',
  );
  const tail = `\n\n${words.bye}${at % 3 === 0 ? DISCLAIMER : ''}${at % 4 === 0 ? QUOTED : ''}`;
  const text = (body: string) => part('text/plain', `${words.hello}\n\n${body}${tail}\n`);
  const bodies = [
    () => text(`${words.reference}: A-${at}\n${words.date}: ${words.day}\n\n${blocks}`),
    () => text(words.prose(lines)),
    () => text(bars),
    () => part('text/html', tableOf(words, lines)),
    () =>
      text('') +
      part(
        'text/csv',
        `${words.item};${words.quantity}\n${lines.map((line) => line.join(';')).join('\n')}\n`,
        'order.csv',
      ),
    () => text(blocks) + part('application/pdf', `%PDF-${'x'.repeat(40_000)}`, 'terms.pdf'),
  ];
  return Buffer.from(`${head}${bodies[shape]!()}--b--\r\n`);
}
