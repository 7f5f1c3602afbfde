// The sheet `Mail fields` as shipped: words of order mails in English, French, German, Dutch, Italian, Spanish and Turkish.
import type { MailField, MailFieldWord, MailPlace } from './mail-fields.ts';

/** A row of the sheet: the words of one field in one language. */
export interface DefaultMailField {
  field: MailField;
  place: MailPlace;
  language: string;
  words: readonly string[];
}

type Words = Readonly<Record<string, string>>;

function rows(field: MailField, words: Words, place: MailPlace = 'anywhere'): DefaultMailField[] {
  return Object.entries(words).map(([language, list]) => ({ field, place, language, words: list.split('; ') }));
}

export const DEFAULT_MAIL_FIELDS: readonly DefaultMailField[] = [
  ...rows('product code', {
    en: 'product id; product code; product no; product number; item code; item no; item number; item id; article code; article number; article no; part no; part number; SKU; material number; our article; internal reference; barcode; EAN; GTIN',
    fr: 'code article; code produit; référence article; référence produit; réf article; réf produit; n° article; numéro article; code-barres',
    de: 'Artikelnummer; Artikel-Nr; Artikelnr; Art-Nr; Artnr; Produktnummer; Produkt-Nr; Produktcode; Teilenummer; Teile-Nr; Sachnummer; Materialnummer; Material-Nr; Mat-Nr; Bestellartikel',
    nl: 'artikelnummer; artikelnr; artikelcode; productcode; productnummer; onderdeelnummer',
    it: 'codice articolo; codice prodotto; cod articolo; cod prodotto; codice; cod art; numero articolo',
    es: 'código; código de artículo; código artículo; código de producto; código producto; cód artículo; número de artículo; referencia de artículo; referencia de producto; ref producto; ref artículo; código del artículo; código del producto',
    tr: 'ürün kodu; ürün no; ürün numarası; malzeme kodu; malzeme no; stok kodu; parça no; parça numarası; ürün kodunuz; ürün kodumuz; stok kodunuz; stok no',
  }),
  ...rows(
    'product code',
    {
      en: 'reference; ref; code; part; our ref',
      fr: 'référence; réf',
      de: 'Nummer; Referenz',
      nl: 'referentie; code',
      it: 'riferimento; rif',
      es: 'referencia',
      tr: 'kod; referans',
    },
    'table',
  ),
  ...rows('product', {
    en: 'product; products; item; items; article; goods; material; product name; item name',
    fr: 'produit; article; articles; nom du produit',
    de: 'Artikel; Produkt; Ware; Produktname; Artikelname',
    nl: 'artikel; product; productnaam; artikelnaam',
    it: 'articolo; prodotto; articoli; nome prodotto',
    es: 'producto; artículo; productos; artículos; nombre del producto',
    tr: 'ürün; ürün adı; malzeme; malzeme adı; stok adı',
  }),
  ...rows('description', {
    en: 'description; item description; product description; designation',
    fr: 'désignation; libellé; description',
    de: 'Bezeichnung; Beschreibung; Artikelbezeichnung; Benennung; Artikeltext',
    nl: 'omschrijving; beschrijving; artikelomschrijving',
    it: 'descrizione; denominazione; descrizione articolo',
    es: 'descripción; denominación; descripción del artículo',
    tr: 'açıklama; tanım; ürün açıklaması; ürün tanımı',
  }),
  ...rows('quantity', {
    en: 'quantity; qty; quantities; order quantity; ordered quantity; pieces; pcs; units wanted; number of units; how many; no of pieces; number of pieces; qty ordered',
    fr: 'quantité; qté; quantités; nombre de pièces; quantité commandée; nb de pièces; nombre d’unités; quantité à livrer',
    de: 'Menge; Anzahl; Stückzahl; Bestellmenge; Stück; Stk',
    nl: 'aantal; hoeveelheid; bestelde hoeveelheid; stuks; aantal stuks; bestelaantal',
    it: 'quantità; qtà; q.tà; q.ta; quantita ordinata; pezzi; numero pezzi; numero di pezzi; n. pezzi',
    es: 'cantidad; cant; cantidad pedida; piezas; unidades; uds; número de unidades; n.º de unidades; número de piezas',
    tr: 'miktar; adet; sipariş miktarı; sayı; sipariş adedi; adedi; miktarı',
  }),
  ...rows('unit', {
    en: 'unit; UoM; U/M; UM; unit of measure; units',
    fr: 'unité; unité de mesure; unités',
    de: 'Einheit; ME; Mengeneinheit; Maßeinheit; Einh',
    nl: 'eenheid; meeteenheid',
    it: 'unità; unità di misura; u.m.',
    es: 'unidad; unidad de medida; ud',
    tr: 'birim; ölçü birimi',
  }),
  ...rows('delivery date', {
    en: 'delivery date; deliver by; delivery; delivery on; due date; due; need by; needed by; need date; required date; req date; reqd date; date reqd; expected date; expected delivery date; scheduled date; planned date; required by; requested date; requested delivery date; requested delivery; ship date; ship by; wanted by; date required; by; deliver before; deliver no later than; no later than; latest delivery; delivery by; requested ship date',
    fr: 'date de livraison; livraison; livrer le; à livrer le; délai; délai de livraison; date souhaitée; livraison souhaitée; livraison pour le; date de livraison souhaitée; livraison avant le; livrer avant le; livraison au plus tard',
    de: 'Liefertermin; Lieferdatum; Lieferung; Lieferung am; Lieferung bis; Wunschtermin; Wunschlieferdatum; gewünschter Liefertermin; liefern bis; Termin; Bedarfstermin; Bedarfsdatum; Wunschliefertermin; spätester Liefertermin; Lieferung spätestens',
    nl: 'leverdatum; leveringsdatum; levering; leveren op; leveren voor; gewenste leverdatum; gewenste leveringsdatum; levertijd; levering uiterlijk; uiterlijke leverdatum; leveren uiterlijk',
    it: 'data di consegna; data consegna; consegna; consegna entro; consegna richiesta; data di consegna richiesta; termine di consegna; consegna al più tardi; consegnare entro',
    es: 'fecha de entrega; fecha entrega; entrega; entregar el; plazo de entrega; fecha de entrega solicitada; fecha deseada; entrega antes; entregar antes; fecha límite de entrega',
    tr: 'teslim tarihi; teslimat tarihi; teslim; teslimat; istenen tarih; istenen teslim tarihi; termin; termin tarihi; sevk tarihi; en geç teslim tarihi; son teslim tarihi',
  }),
  ...rows('order date', {
    en: 'order date; date of order; PO date; date; dated; ordered on',
    fr: 'date de commande; date de la commande; date commande; commandé le',
    de: 'Bestelldatum; Auftragsdatum; Datum; Bestellung vom; bestellt am; Datum der Bestellung',
    nl: 'besteldatum; orderdatum; datum; datum bestelling; besteld op',
    it: "data ordine; data dell'ordine; data d'ordine; data; ordinato il",
    es: 'fecha de pedido; fecha del pedido; fecha pedido; fecha; pedido el',
    tr: 'sipariş tarihi; tarih; siparişin tarihi',
  }),
  ...rows('customer reference', {
    en: 'purchase order; PO; PO number; PO no; purchase order number; purchase order no; order number; order no; order ref; order reference; your order; our order; our order number; customer reference; customer order; customer order number; our reference; your reference',
    fr: 'numéro de commande; n° de commande; n° commande; commande; commande n°; bon de commande; notre commande; notre référence; votre référence; réf commande; référence commande; référence client',
    de: 'Bestellnummer; Bestell-Nr; Bestellnr; Bestellung; Bestellung Nr; Auftragsnummer; Auftrag; unsere Bestellung; unsere Bestellnummer; Ihr Zeichen; unser Zeichen; unsere Referenz; Kundenreferenz; Kommission',
    nl: 'ordernummer; bestelnummer; bestelnr; bestelling; inkooporder; inkoopordernummer; bestelbon; bestelbonnummer; order; onze referentie; uw referentie; ons kenmerk; uw kenmerk; klantreferentie',
    it: "numero d'ordine; numero ordine; n. ordine; n° ordine; ordine; ordine n; ordine d'acquisto; nostro ordine; nostro riferimento; vostro riferimento; rif ordine; riferimento cliente",
    es: 'número de pedido; n.º de pedido; nº de pedido; pedido; pedido n.º; pedido nº; orden de compra; nuestro pedido; nuestra referencia; su referencia; referencia de pedido; referencia del cliente',
    tr: 'sipariş no; sipariş numarası; sipariş numaramız; sipariş; satın alma siparişi; siparişimiz; referansımız; müşteri referansı; referans no',
  }),
  ...rows(
    'customer reference',
    {
      en: 'reference; ref; our ref; your ref',
      fr: 'référence; réf; nos réf; vos réf',
      de: 'Referenz',
      nl: 'referentie; kenmerk',
      it: 'riferimento; rif',
      es: 'referencia',
      tr: 'referans',
    },
    'line',
  ),
  ...rows('delivery address', {
    en: 'address; delivery address; shipping address; ship to; ship to address; shipto; deliver to; delivered to; delivery to; place of delivery; consignee',
    fr: 'adresse; adresse de livraison; livrer à; à livrer à; lieu de livraison; destinataire',
    de: 'Adresse; Lieferadresse; Lieferanschrift; Anschrift; Versandadresse; liefern an; Lieferung an; Lieferort; Warenempfänger',
    nl: 'adres; afleveradres; leveradres; bezorgadres; verzendadres; leveren aan; leveren naar',
    it: 'indirizzo; indirizzo di consegna; indirizzo di spedizione; consegnare a; luogo di consegna; destinatario; destinazione',
    es: 'dirección; dirección de entrega; dirección de envío; entregar en; lugar de entrega; enviar a',
    tr: 'adres; teslimat adresi; teslim adresi; sevk adresi; sevkiyat adresi; teslim yeri; teslimat yeri; sevk yeri',
  }),
  ...rows('customer', {
    en: 'customer; customer name; company; company name; name; buyer; client',
    fr: 'client; nom du client; société; entreprise; nom; acheteur',
    de: 'Kunde; Kundenname; Firma; Name; Besteller; Unternehmen',
    nl: 'klant; klantnaam; bedrijf; bedrijfsnaam; naam; besteller',
    it: 'cliente; nome cliente; azienda; ditta; società; nome; ragione sociale',
    es: 'cliente; nombre del cliente; empresa; nombre; razón social; comprador',
    tr: 'müşteri; müşteri adı; firma; firma adı; şirket; ad; unvan',
  }),
  ...rows('email', {
    en: 'email; e-mail; email address; e-mail address; mail',
    fr: 'courriel; adresse e-mail; adresse email; adresse électronique',
    de: 'E-Mail-Adresse; Mailadresse',
    nl: 'e-mailadres; mailadres',
    it: 'indirizzo e-mail; indirizzo email; posta elettronica',
    es: 'correo; correo electrónico',
    tr: 'e-posta; e-posta adresi; eposta',
  }),
  ...rows('phone', {
    en: 'phone; phone number; telephone; tel; mobile; T; M; fax; F',
    fr: 'téléphone; tél; portable; télécopie',
    de: 'Telefon; Telefonnummer; Mobil; Handy; Telefax',
    nl: 'telefoon; telefoonnummer; mobiel',
    it: 'telefono; cellulare; cell',
    es: 'teléfono; móvil',
    tr: 'telefon; cep; cep telefonu; faks',
  }),
  ...rows('remark', {
    en: 'remark; remarks; note; notes; comment; comments; instructions; delivery instructions; special instructions',
    fr: 'remarque; remarques; commentaire; commentaires; instructions de livraison',
    de: 'Bemerkung; Bemerkungen; Anmerkung; Hinweis; Hinweise; Kommentar; Notiz',
    nl: 'opmerking; opmerkingen; toelichting; notitie',
    it: 'nota; annotazioni; commento; osservazioni',
    es: 'observación; observaciones; comentario; comentarios; notas',
    tr: 'not; notlar; yorum',
  }),
  ...rows('price', {
    en: 'price; unit price; net price; list price; price per unit; rate',
    fr: 'prix; prix unitaire; PU; prix HT; tarif',
    de: 'Preis; Einzelpreis; Stückpreis; Nettopreis; E-Preis; EP',
    nl: 'prijs; eenheidsprijs; stukprijs; prijs per stuk',
    it: 'prezzo; prezzo unitario',
    es: 'precio; precio unitario; precio por unidad',
    tr: 'fiyat; birim fiyat; birim fiyatı',
  }),
  ...rows('amount', {
    en: 'amount; total; line total; net amount; total price; value; subtotal',
    fr: 'montant; montant HT; prix total; total HT',
    de: 'Betrag; Gesamt; Gesamtpreis; Summe; Nettobetrag; Gesamtbetrag; Wert',
    nl: 'bedrag; totaal; totaalprijs; totaalbedrag',
    it: 'importo; totale; prezzo totale',
    es: 'importe; precio total; total línea',
    tr: 'tutar; toplam; toplam tutar; toplam fiyat',
  }),
  ...rows('position', {
    en: 'position; pos; line; line no; line number; no; nr; item line',
    fr: 'ligne; n° de ligne; poste',
    de: 'Positionsnummer; Zeile; lfd Nr; laufende Nummer',
    nl: 'positie; regel; regelnummer; volgnummer',
    it: 'posizione; riga; numero riga',
    es: 'posición; línea; renglón',
    tr: 'sıra; sıra no; kalem; satır; satır no',
  }),
  ...rows('ignore', {
    en: 'discount; tax; VAT; currency; weight; colour; color; payment; payment terms; terms; incoterm; incoterms; subject; from; to; cc; sent',
    fr: 'remise; TVA; devise; poids; couleur; paiement; conditions de paiement; objet; de; à; envoyé',
    de: 'Rabatt; MwSt; Währung; Gewicht; Farbe; Zahlung; Zahlungsbedingungen; Betreff; von; an; gesendet',
    nl: 'korting; btw; valuta; gewicht; kleur; betaling; onderwerp; van; aan; verzonden',
    it: 'sconto; IVA; valuta; peso; colore; pagamento; oggetto; da; inviato',
    es: 'descuento; divisa; moneda; color; pago; asunto; para; enviado',
    tr: 'iskonto; indirim; KDV; para birimi; ağırlık; renk; ödeme; konu; kimden; kime; gönderildi',
  }),
  // Headings as business software prints them, often cut short.
  ...rows(
    'product code',
    {
      en: 'stock code; supplier code; vendor code; material code; part code; goods code; model code; sku code; manufacturer code; p/n; pn; cross reference no; catalogue no; catalog no; cat no; vendor item no; supplier item no; vendor part no; supplier part no; model no; stock no',
      fr: 'code; réf fournisseur; référence fournisseur; code fournisseur',
      de: 'Lieferantenartikelnr; Lieferantenartikelnummer; Lief-Art-Nr; Ident-Nr; Identnummer',
      it: 'codice fornitore; cod fornitore; cod',
      es: 'cód; ref proveedor; referencia proveedor; código proveedor',
      nl: 'art nr; artikelnr leverancier',
    },
    'table',
  ),
  ...rows(
    'description',
    {
      en: 'desc; short text; text',
      fr: 'désignation article',
      de: 'Text; Kurztext; Materialkurztext; Bestelltext; Langtext; Bez',
      it: 'descr; desc articolo',
      es: 'concepto; desc',
      nl: 'omschr',
    },
    'table',
  ),
  ...rows(
    'quantity',
    {
      en: 'po quantity; po qty; qty ord; quant; nos; outstanding quantity',
      fr: 'qte cde; qte cdée',
      de: 'Anz; Mg; Best-Menge; Bestellmg',
      it: 'quant; qta ord',
      es: 'cdad; ctd; cant pedida',
      nl: 'aant; hoev',
      tr: 'sipariş mik; mik',
    },
    'table',
  ),
  ...rows(
    'unit',
    {
      en: 'unit of measure code; uom code; oun; meas; un; u',
      fr: 'un',
      de: 'Eh; BME',
      it: 'udm; un mis',
      es: 'unid; un',
      nl: 'eenh',
      tr: 'br',
    },
    'table',
  ),
  ...rows(
    'delivery date',
    {
      en: 'date req; del date; deliv date; delivery dt; expected arrival; expected receipt date; expected receipt; promised date; promised receipt date; requested receipt date; planned receipt date; receipt date; eta; arrival; arrival date; need by date; due on; must arrive by; date needed; ship by date',
      fr: 'date livr; date liv; livr; date prévue; date requise; date de réception; date de réception prévue; échéance; date demandée',
      de: 'Liefertag; Wareneingangsdatum; Wareneingang; Eingangsdatum; Anlieferung; Anliefertermin; Anlieferdatum; Lief-Termin; Lief-Datum; erwarteter Wareneingang; erwartetes Wareneingangsdatum; gewünschtes Wareneingangsdatum; Liefert; Solltermin',
      it: 'data cons; cons; data prevista; data richiesta; data evasione; data arrivo; data di evasione; evasione',
      es: 'f entrega; fecha prevista; fecha requerida; fecha recepción; fecha de recepción; fecha solicitada; f ent',
      nl: 'gewenste datum; ontvangstdatum; verwachte ontvangstdatum; geplande ontvangstdatum; levering op; lev datum',
      tr: 'termin t; teslim t',
    },
    'table',
  ),
  ...rows(
    'price',
    {
      en: 'unit cost; direct unit cost; list; ext price unit; price/unit; cost',
      fr: 'pu ht; p.u.; prix net; pu net; prix unit',
      de: 'Netto-EP; Preis/ME; Preis/EH',
      it: 'pr unit; p unit; prezzo unit; prezzo netto',
      es: 'p unit; precio unit; pvp',
      nl: 'prijs excl btw; eenh prijs',
    },
    'table',
  ),
  ...rows(
    'amount',
    {
      en: 'line amount; line amount excl vat; extended; ext; ext price; extended price; net value; order value',
      fr: 'montant net; montant ttc',
      de: 'Nettowert; Positionswert; GP; G-Preis; Netto; Brutto',
      it: 'importo netto; imponibile',
      es: 'importe neto; subtotal',
      nl: 'regelbedrag; nettobedrag',
    },
    'table',
  ),
  ...rows('position', { en: 'ln; itm; sl no; sr no; s no', fr: 'lig', es: 'lín', nl: 'rgl' }, 'table'),
];

/** The words one by one, as the sheet gives them. */
export function defaultMailFields(): MailFieldWord[] {
  return DEFAULT_MAIL_FIELDS.flatMap(({ field, place, language, words }) =>
    words.map((word) => ({ field, word, place, language })),
  );
}
