// Words by which a sentence orders, tells about the past, does not want something, or asks. All patterns are for folded text.

import { piecesOf } from '../text/pieces.ts';

export const ORDER_WORDS =
  /(?<![\p{L}])(?:please|pls|go ahead|bitte|svp|s'il vous plait|veuillez|merci de|aub|alstublieft|per favore|por favor|lutfen|order\w*|send|ship|deliver\w*|supply|need\w*|require|book|purchase|p\.?o\.?|buy|want|would like|we'd like|bestell\w*|liefer\w*|benotig\w*|brauch\w*|schick\w*|send\w+|ordern|auftrag|command\w*|livr\w*|besoin|envoy\w*|souhait\w*|faudrait|voudrions|expedi\w*|lever\w*|stur\w*|stuur|nodig|graag|ordin\w*|invi\w*|spedi\w*|conseg\w*|bisogn\w*|serv(?:e|ono|irebbero)|fornit\w*|pedi\w*|enviar\w*|envien?|entreg\w*|necesit\w*|solicit\w*|sumin\w*|mandate|mandar\w*|manden|siparis\w*|alabilir\w*|gonder\w*|teslim\w*|ihtiyac\w*|encomend\w*|zamow\w*|注文|заказ\p{L}*)/u;

const PAST = [
  /(?<![\p{L}])(?:last (?:week|month|year|time|order|monday|tuesday|wednesday|thursday|friday|spring|summer|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december)|previous (?:order|delivery|shipment)|earlier order|back in|(?:we|you|they|he|she|customers?|clients?|colleagues?|somebody|someone) (?:had |have |has |already |just )*(?:ordered|received|bought|shipped|delivered|sent)|(?:was|were|(?:has|have) been) ordered|were delivered|was delivered|arrived(?! at))(?![\p{L}])/u,
  /(?<![\p{L}])(?:letzte[nrs]? (?:woche|monat|jahr|mal|bestellung|lieferung)|vorige[nrs]? (?:woche|monat|bestellung|lieferung)|fruhere[nrs]? (?:bestellung|lieferung)|(?:haben|hatten) wir (?:\S+ ){0,6}(?:bestellt|erhalten|bekommen|bezogen)|wir (?:haben|hatten) (?:\S+ ){0,6}(?:bestellt|erhalten|bekommen|bezogen)|(?:geliefert|bestellt) (?:wurde|worden)|(?:kunde|kollege|er|sie) (?:hat|haben) (?:\S+ ){0,8}(?:bestellt|erhalten|bekommen))/u,
  /(?<![\p{L}])(?:la derniere fois|le mois dernier|la semaine derniere|l'an dernier|l'annee derniere|notre derniere commande|(?:avions|avons) (?:deja )?(?:commande|recu)(?!\p{L}))/u,
  /(?<![\p{L}])(?:vorige (?:week|maand|bestelling|keer)|afgelopen (?:week|maand|jaar)|laatste keer|(?:hebben|hadden) (?:wij|we) (?:\S+ ){0,6}(?:besteld|ontvangen)|(?:wij|we) (?:hebben|hadden) (?:\S+ ){0,6}(?:besteld|ontvangen))/u,
  /(?<![\p{L}])(?:l'ultima volta|il mese scorso|la settimana scorsa|l'anno scorso|(?:abbiamo|avevamo) (?:gia )?(?:ordinato|ricevuto))/u,
  /(?<![\p{L}])(?:la ultima vez|el mes pasado|la semana pasada|el ano pasado|(?:hemos|habiamos) (?:ya )?(?:pedido|recibido)|pedimos en)/u,
  /(?<![\p{L}])(?:gecen (?:ay|hafta|yil|sefer|siparis)|onceki siparis\w*|almistik|(?:bugun|dun|bu sabah) (?:geldi|ulasti)|vermistik|siparis etmistik|teslim aldik)(?![\p{L}])/u,
];

const UNWANTED = [
  /(?<![\p{L}])(?:(?:do not|don't|dont|did not|no need to|please not|never|cannot|can't|can not|won't|will not|unable to|not able to|decided not to) (?:\w+ )?(?:send|ship|deliver|supply|need|want|order|require|include|add|buy|take|place)(?! (?:\w+ )?(?:before|until|earlier|later|after))|no longer (?:need|want|require)|no more (?=[a-z]+[-_.]?\d)|not required|not needed|(?:please |kindly |pls )?(?:remove|delete|omit|skip) (?:\S+ ){0,4}(?=[a-z]{1,6}[-_.]?\d)|not (?:the )?(?=[a-z]{2,}[-_]\d)|cancel|leave out)/u,
  /(?<![\p{L}])(?:keine?[nrsm]? (?:\S+ ){0,2}(?=[a-z]{1,6}[-_.]?\d)|nicht (?:mehr )?(?:benotig\w*|brauch\w*|bestell\w*|schick\w*|notig)|(?:brauchen|benotigen|wollen|mochten|bestellen|nehmen) (?:wir )?(?:\S+ ){0,8}nicht(?! vor| nur| zu| mehr als)|nicht liefern|streichen|entfallt)/u,
  /(?<![\p{L}])(?:(?:plus|pas) (?:besoin|envoyer|livrer|commander)|n'envoyez pas|ne (?:livrez|commandez|voulons|souhaitons) (?:pas|plus)|pas de (?=[a-z]+[-_.]?\d))/u,
  /(?<![\p{L}])(?:geen (?:\S+ ){0,2}(?=[a-z]{1,6}[-_.]?\d)|niet (?:meer )?(?:nodig|sturen|bestellen|leveren(?! voor))|(?:bestellen|willen) (?:\S+ ){0,8}niet(?! voor| meer dan))/u,
  /(?<![\p{L}])(?:non (?:\w+ )?(?:inviare|inviate|spedire|spedite|serve|servono|ordiniamo|vogliamo|occorr\w*)|non abbiamo (?:piu )?bisogno|niente (?=[a-z]+[-_.]?\d))/u,
  /(?<![\p{L}])(?:no (?:\w+ )?(?:envie\w*|enviar|necesit\w*|queremos|manden|pedimos|hace falta))/u,
  /(?:gondermeyin\w*|istemiyoruz|gerek yok|\d\S{0,40} degil)(?![\p{L}])/u,
];

const STOCKED =
  /(?<![\p{L}])(?:(?:we|i) (?:still )?have (?:\S+ ){0,8}(?:in stock|left|here)|(?:wir haben|haben wir) (?:\S+ ){0,8}(?:auf lager|am lager|vorratig)|nous avons (?:\S+ ){0,8}en stock|(?:wij|we) hebben (?:\S+ ){0,8}op voorraad|abbiamo (?:\S+ ){0,8}(?:a|in) magazzino|tenemos (?:\S+ ){0,8}en stock|stokta|stogumuzda|(?:we|i) (?:still |already )?have (?:got )?\d|(?:wir haben|haben wir) (?:noch |bereits )?\d|nous avons (?:encore |deja )?\d|(?:wij|we) hebben (?:nog |al )?\d|abbiamo (?:ancora |gia )?\d|tenemos (?:todavia |aun |ya )?\d|elimizde (?:hala )?\d)/u;

/** `as last time`, `wie bei der letzten Bestellung`: only a comparison. */
const COMPARED =
  /(?<![\p{L}])(?:(?:the )?same as|just like|as|like|than|wie|comme|zoals|net als|come|como|igual que)(?: (?:in|on|for|with|the|our|my|your|der|die|das|dem|den|bei|unserer|im|a|de|bij|onze|per|nella|nel|nostro|nostra|el|la|l'|en|pour|notre|alla|con))* ?(?:last|previous|earlier|letzt|vorig|fruher|derni|le mois dernier|l'ultim|ultim|laatst|scors|pasad)\S*(?: \S+)?|gecen \S+ gibi/gu;

export function tellsAboutThePast(folded: string): boolean {
  const text = folded.replaceAll(COMPARED, ' ');
  return PAST.some((pattern) => pattern.test(text)) || STOCKED.test(text);
}

/** Above a list: what an earlier order held. */
const EARLIER =
  /(?<![\p{L}])(?:(?:previous|earlier|former|past|prior|last(?: (?:month|week|year|quarter)'s)?) (?:orders?|purchases?|po)|order history|(?:letzte|vorige|vorherige|fruhere|bisherige|vergangene|alte)[nrs]? (?:bestellung|auftrag|auftrage)(?:en)?|commandes? precedentes?|(?:derniere|ancienne)s? commandes?|(?:vorige|eerdere|laatste|vroegere) (?:bestelling|order)(?:en|s)?|ordin[ei] precedent[ei]|ultim[oi] ordin[ei]|pedidos? anterior(?:es)?|ultimos? pedidos?|(?:onceki|gecen|eski) siparis\p{L}*)(?![\p{L}])/u;

/** `Our last order of this year` is made now. */
const LAST_FOR_NOW =
  /(?<![\p{L}])(?:last order|letzte[nrs]? (?:bestellung|auftrag)|derniere commande|laatste (?:bestelling|order)|ultimo (?:ordine|pedido)|son siparis\p{L}*) (?:of|for|in|before|vor|fur|diese[nrs]?|de|avant|van|voor|di|per|prima|antes|del|dell)(?![\p{L}])/gu;

/** Goods of orders that are open, goods that came, goods on the shelf: asked about or reported, not ordered. */
const ON_RECORD = [
  /(?<![\p{L}])(?:(?:stock|inventory|backlog|back-?order|shortage) (?:list|report|overview)|(?:ruckstands|bestands|lager|fehlteil|fehlmengen)(?:liste|ubersicht)|(?:liste|etat) (?:du stock|des stocks|des reliquats|des manquants)|(?:voorraad|backorder|naleverings)(?:lijst|overzicht)|(?:elenco|lista) (?:giacenze|scorte|inevasi|delle giacenze)|(?:lista|listado) de (?:stock|existencias|pendientes|faltantes)|stok listesi)(?![\p{L}])/u,
  /(?<![\p{L}])(?:open|outstanding|overdue|pending|unshipped|undelivered) (?:items?|lines?|orders?|pos|p\.?o\.?'?s|positions?|deliver(?:y|ies))(?![\p{L}])/u,
  /(?<![\p{L}])(?:offene[nrs]?|ausstehende[nrs]?|uberfallige[nrs]?|ruckstandige[nrs]?) (?:position|bestell|auftr|liefer)\p{L}*/u,
  /(?<![\p{L}])(?:(?:commandes?|lignes?|livraisons?) (?:en cours|en attente|en souffrance|ouvertes?|en retard)|openstaande (?:order|bestelling|post|regel|levering)\p{L}*|(?:ordini|righe|ordine|consegne) (?:apert[aeio]|in corso|inevas[aeio]|in sospeso)|(?:pedidos?|lineas?|entregas?) (?:abiert[ao]s?|pendientes?|en curso)|(?:acik|bekleyen|geciken) siparis\p{L}*)/u,
  /(?<![\p{L}])(?:we (?:\w+ )?(?:confirm|acknowledge) (?:the )?receipt|wir bestatigen (?:\S+ ){0,2}(?:erhalt|eingang|empfang)|(?:nous )?(?:accusons|confirmons la) reception|(?:wij|we) bevestigen (?:\S+ )?ontvangst|confermiamo (?:\S+ )?(?:ricezione|ricevimento)|confirmamos (?:\S+ )?(?:recepcion|recibo))/u,
  /^(?:(?:this|here|that) is |hier (?:ist )?|voici )?(?:(?:our|the|unser|notre|onze|nostra|la nostra|nuestro|mevcut) )?(?:(?:current|present|actual|remaining|aktuelle[rn]?|derzeitige[rn]?|huidige) )?(?:stock|inventory|(?:lager)?bestand|lagerbestande|etat du stock|stock actuel|voorraad|giacenza|scorte|existencias|inventario|stok durumu)(?: (?:levels?|list|report|on hand|status|liste|actuel|attuale|actual|now|today|is|are)|,? (?:as of|on|per|am|stand|au|al|op) \S+)*\s*[:.]?$/u,
];

/** Taken from an order that is open. */
const CALLED_OFF =
  /(?<![\p{L}])(?:release|call(?:ing)?[- ]off|draw|abruf\w*|rufen|appel\w*|afroep\w*|(?:please |pls )?add|erganz\w*|hinzu\w*)(?![\p{L}])/u;

export function tellsWhatIsOnRecord(folded: string): boolean {
  return !CALLED_OFF.test(folded) && ON_RECORD.some((pattern) => pattern.test(folded));
}

const NAMES_AN_ORDER =
  /(?<![\p{L}])(?:(?:our|new|my|this|purchase|unsere|neue|meine|diese|notre|nouvelle|ma|cette|onze|nieuwe|mijn|deze|nostro|nuovo|mio|questo|nuestro|nuevo|mi|este|yeni) (?:\p{L}+ )?(?:order|p\.?o\.?|bestellung|auftrag|commande|bestelling|ordine|pedido|siparis)|siparisimiz)(?![\p{L}])|^(?:p\.?o\.?|order|bestellung|auftrag|commande|bestelling|ordine|pedido|siparis)(?![\p{L}])/u;

/** Whether a mail whose order may be in a file only reports what is open or in stock. @param folded subject and sentences */
export function reportsOnly(folded: readonly string[]): boolean {
  return (
    folded.some(tellsWhatIsOnRecord) &&
    !folded.some((sentence) => NAMES_AN_ORDER.test(sentence) && !tellsWhatIsOnRecord(sentence))
  );
}

/** @param folded the sentence above a table */
export function introducesNoOrder(folded: string): boolean {
  if (tellsWhatIsOnRecord(folded)) return true;
  if (ORDERED_AGAIN.test(folded)) return false;
  const text = folded.replaceAll(COMPARED, ' ').replaceAll(LAST_FOR_NOW, ' ');
  return tellsAboutThePast(text) || EARLIER.test(text);
}

/** What was ordered before, and is wanted once more. */
const ORDERED_AGAIN =
  /(?<![\p{L}])(?:please|pls|kindly|bitte|svp|s'il vous plait|veuillez|merci de|aub|alstublieft|graag|per favore|por favor|lutfen|again|repeat|once more|nochmals?|erneut|wieder\p{L}*|a nouveau|encore|opnieuw|nogmaals|di nuovo|ancora|de nuevo|otra vez|tekrar)(?![\p{L}])/u;

/** Papers about goods, which are no goods. */
export const DOCUMENT =
  /(?<![\p{L}])(?:data ?sheets?|datasheets?|drawings?|catalog(?:ue)?s?|certificates?|specifications?|manuals?|brochures?|leaflets?|m?sds|safety data|pictures?|photos?|images?|(?:more|further|some|any) (?:information|details)|information (?:on|about)|details (?:of|on|about)|datenbl[a-z]*tt\w*|zeichnung(?:en)?|katalog\w*|zertifikate?|zeugnisse?|anleitung|handbuch|prospekte?|unterlagen|informationen|bilder|fotos?|fiches?|plans? de|dessins?|documentation|certificats?|notice|datablad(?:en)?|tekening(?:en)?|certifica(?:at|ten)|handleiding|informatie|schede? tecni\w*|disegn[oi]|catalog[oh]i?|certificat[oi]|manuale|informazioni|fichas? tecnicas?|planos?|dibujos?|catalogos?|certificados?|informacion|katalog\w*|sertifika\w*|cizim\w*|teknik resim\w*|teknik bilgi\w*|kullanim kilavuzu|bilgi)(?![\p{L}])/u;

const CAPABLE =
  /(?<![\p{L}])(?:(?:can|could) you (?:\w+ )?(?:deliver|supply|provide|make|produce|offer)|(?:are|would) you (?:be )?able to|is it possible|would it be possible|(?:konnen|konnten) sie (?:\S+ ){0,8}(?:liefern|lieferbar|herstellen)|ware es moglich|ist es moglich|(?:pouvez|pourriez)-vous (?:\S+ ){0,3}(?:livrer|fournir)|est-il possible|serait-il possible|(?:kunt|kunnen) (?:u|jullie) (?:\S+ ){0,8}leveren|is het mogelijk|(?:potete|potreste|e possibile) (?:\S+ ){0,3}(?:fornir\w*|consegnar\w*|avere)|e possibile|(?:pueden|podrian|puede) (?:\S+ ){0,3}(?:entregar|suministrar|servir)|es posible|(?:edebilir|verebilir) mi\w*|mumkun mu)(?![\p{L}])/u;
const ASKED_KINDLY =
  /(?<![\p{L}])(?:please|pls|kindly|bitte|svp|s'il (?:vous|te) plait|merci de|alstublieft|aub|graag|per favore|per cortesia|por favor|lutfen|send|ship|schick\w*|send(?:en|et|est)|envo(?:yer|yez|ie|ies)|stur(?:en|t)|stuur\w*|invi(?:ar\w*|ate|a|i)|mand(?:ar\w*|ate|a|i|en|an)|spedi\w*|envi(?:ar\w*|en|an|e|a)|gonder\w*)(?![\p{L}])/u;

const ASKED_FOR =
  /(?<![\p{L}])(?:(?:can|could|may|might) (?:we|i) (?:\w+ )?(?:get|have|order|buy)|(?:konnen|konnten|durfen|kann|konnte) (?:wir|ich)|(?:puis-je|peux|pouvons|peut-on)|(?:kunnen|kan|mogen|mag) (?:wij|we|ik)|possiamo|posso|podemos|puedo|alabilir mi\w*|rica|bestellen|commander|ordinare|pedir|encargar)(?![\p{L}])/u;

/** A question that orders, politely; one about goods asks for nothing. @param orders the mail says that it is an order */
export function ordersByAsking(folded: string, orders: boolean): boolean {
  return ASKED_KINDLY.test(folded) || ASKED_FOR.test(folded) || (orders && CAPABLE.test(folded));
}

/** `if the price is below 10`: a person decides. */
export const IF_THE_PRICE =
  /(?<![\p{L}])(?:if|provided|unless|falls|wenn|sofern|si|se|qualora|als|indien|mits|eger|sayet) (?:\S+ ){0,6}(?:prices?|costs?|cheaper|preise?|kostet|gunstiger|prix|coute|prij[sz]\w*|prezz[oi]|costa|precios?|cuesta|fiyat\w*)(?![\p{L}])/u;

/** So many again and again: how many are ordered now is asked about. */
export const RECURRING =
  /(?<![\p{L}])(?:every|each|per) (?:day|week|month|quarter|year)(?![\p{L}])|(?<![\p{L}])(?:daily|weekly|monthly|quarterly|wochentlich|monatlich|taglich|jahrlich|(?:pro|jede[nrs]?) (?:tag|woche|monat|quartal|jahr)|(?:par|chaque) (?:jour|semaine|mois|trimestre|an)|hebdomadaire\w*|mensuel\w*|(?:per|elke|iedere) (?:dag|week|maand|kwartaal|jaar)|wekelijks\w*|maandelijks\w*|(?:al|ogni|alla) (?:giorno|settimana|mese|trimestre|anno)|mensil\w*|settimanal\w*|(?:por|cada|al) (?:dia|semana|mes|trimestre|ano)|mensual\w*|semanal\w*|(?:her|haftada|ayda) (?:gun|hafta|ay|bir)|haftalik|aylik)(?![\p{L}])/u;

const FUTURE =
  /(?<![\p{L}])(?:(?:we|i)(?: will|'ll| shall) (?:\w+ ){0,2}(?:need|require|order|send (?:you )?(?:the|an|our) (?:order|po))|(?:plan|intend|expect|hope|are going|likely) to (?:order|buy|purchase|need)|forecast\w*|(?:order|po) (?:will|to) follow|(?:are|am) (?:considering|thinking)|werden (?:wir )?(?:\S+ ){0,8}(?:bestellen|benotigen|brauchen)|voraussichtlich|bestellung folgt|(?:planen|beabsichtigen|uberlegen)(?: wir)?|nous (?:commanderons|aurons besoin|prevoyons|envisageons)|commande suivra|(?:wij|we) (?:zullen|gaan|verwachten) (?:\S+ ){0,8}(?:bestellen|nodig)|bestelling volgt|ordineremo|avremo bisogno|prevediamo|ordine seguira|pediremos|necesitaremos|prevemos|pedido seguira|siparis edecegiz|siparis verecegiz|ihtiyacimiz olacak|planliyoruz)(?![\p{L}])/u;

/** What will be ordered some day is not ordered. */
export function tellsAboutTheFuture(folded: string): boolean {
  return FUTURE.test(folded);
}

export function isUnwanted(folded: string): boolean {
  return UNWANTED.some((pattern) => pattern.test(folded));
}

/** What follows is replaced by something else: `instead of 20 DC-021`. */
export const INSTEAD =
  /(?<![\p{L}])(?:instead of|rather than|in place of|replacing|anstelle (?:von|der)?|anstatt|statt|au lieu (?:de|des)|a la place (?:de|des)|in plaats van|invece (?:di|dei|delle)|al posto (?:di|dei)|en lugar de|en vez de)(?![\p{L}])/u;
/** Turkish says it behind: `20 DC-021 yerine`. */
export const INSTEAD_BEHIND = /(?<![\p{L}])yerine(?![\p{L}])/u;

/** Splits running text into sentences and lines; abbreviations and numbers stay whole. */
export function sentencesOf(text: string): string[] {
  return text
    .split(
      /\n|(?<=[!?;])\s+|(?<=[^\s.]{3,}\.)(?<!(?<![\p{L}])(?:pcs|Pcs|PCS|pces|Pces|PCES|pce|Pce|PCE|uds|Uds|UDS|stk|Stk|STK|stck|Stck|STCK|szt|Szt|SZT|doz|Doz|DOZ|dtzd|Dtzd|DTZD|units|Units|UNITS|art|Art|ART|nos|Nos|NOS|ref|Ref|REF|réf|Réf|RÉF|approx|Approx|APPROX|ltd|Ltd|LTD|inc|Inc|INC|corp|Corp|CORP|str|Str|STR|tel|Tel|TEL|tél|Tél|TÉL|pos|Pos|POS|adet|Adet|ADET|ltr|Ltr|LTR|mtr|Mtr|MTR|abs|Abs|ABS|bzw|Bzw|BZW|etc|Etc|ETC|cod|Cod|COD|bestellnr|Bestellnr|BESTELLNR|artikelnr|Artikelnr|ARTIKELNR|cad|Cad|CAD|sok|Sok|SOK|mah|Mah|MAH|gmbh|Gmbh|GMBH|srl|Srl|SRL|spa|Spa|SPA)\.)\s+(?=[\p{Lu}\p{Lo}"'(])|(?<=\d\.)\s+(?!(?:J[aä]n|F[eé]b|F[eé]v|M[aä]r|Mrz|Apr|Avr|Mai|May|Mei|Mag|Jun|Jui|Giu|Haz|Jul|Lug|Tem|Aug|Aoû|Ago|Ağu|Sep|Set|Eyl|Okt|Oct|Ott|Out|Eki|Nov|Kas|Dez|D[eé]c|Dic|Ara|Oca|Şub|Nis|Gen|Ene|Abr|Maa))(?=\p{Lu}\p{L}+\s)|(?<=[\p{Ll}]{5}\.)(?<!(?:pprox|units|kelnr|tellnr|uantity|tueck)\.)\s+(?=\d{1,6}\s+(?:[x×]\s|\p{L}{2}))|(?<=\))\.\s+|,\s+(?=(?:but|so (?:this time|now|please)|now|this time|aber|jetzt|diesmal|mais|cette fois|maar|deze keer|ma|questa volta|pero|esta vez|ama|fakat|bu sefer)\s)/u,
    )
    .flatMap((sentence) => piecesOf(sentence.trim()))
    .filter(Boolean);
}
