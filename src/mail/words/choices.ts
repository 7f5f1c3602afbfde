// Words of the three answers to a stock notice, and what stands around a number that names one. For folded text.

/** Before a number: `option 2`, `Fall 3`, `choix n° 1`. */
export const OPTION = String.raw`(?:options?|opcion(?:es)?|opzione|opzioni|optie|opties|case|fall|cas|caso|geval|choice|choose|choix|choisissons|keuze|kiezen|scelta|scegliamo|eleccion|elegimos|variante?|alternative?|alternativa|moglichkeit|wahl|wahlen|auswahl|selection|selezione|seleccion|selectie|possibilite|possibilidad|possibilita|mogelijkheid|secenek|secenegi|tercih(?:imiz)?|durum|answer|antwort|reponse|antwoord|risposta|respuesta|cevap|yanit|number|nummer|numero|nr|no|n|n[°º]|punkt|point|punt|punto|#)`;

/** One to three, where a number stands behind `option`. */
export const NUMBER_WORDS =
  '(?:one|two|three|eins|zwei|drei|un|deux|trois|een|twee|drie|uno|due|tre|dos|tres|bir|iki|uc)';

export const ORDINALS: ReadonlyArray<readonly [1 | 2 | 3, string]> = [
  [1, 'first|erste[nrs]?|premier|premiere|eerste|prima|primo|primera?|birinci|ilk'],
  [2, 'second|zweite[nrs]?|deuxieme|seconde?|tweede|seconda|secondo|segunda?|ikinci'],
  [3, 'third|dritte[nrs]?|troisieme|derde|terza|terzo|tercera?|ucuncu'],
];

/** Small words that may stand around a number in an answer such as `we go for 2, please`. */
export const AROUND = new Set(
  'we i would will want like to go for with take pick choose select opt the our my your it is please thanks thank you yes ok okay hi hello dear wir ich nehmen mochten gerne bitte hallo guten tag die der das ja danke nous je prenons voulons svp sil vous plait bonjour oui merci la le l wij we graag kies kiezen voor dag hallo ja aub bedankt noi vorremmo scegliamo per favore buongiorno si grazie nosotros elegimos queremos favor buenos dias si gracias lutfen merhaba evet tesekkurler istiyoruz seciyoruz olsun olarak tercih ediyoruz numarali nehme wahle mochte waehle entscheide prends choisis choisissons kies neem nemen graag scelgo vorrei prendiamo prendo elijo quiero seciyorum istiyorum ederim prefer preferisco prefiero bevorzuge be let us lets let s ll d team all sorry unfortunately leider helaas purtroppo malheureusement desole desolee lamentablemente quick prompt fast answer reply response schnelle antwort rapide reponse risposta rapida veloce respuesta fur pour de los las per din snelle reactie gemma sirs and madam sir'.split(
    ' ',
  ),
);

export const WORDS: ReadonlyArray<readonly [1 | 2 | 3, RegExp]> = [
  [
    1,
    /(?<![\p{L}])(?:(?:send|ship|deliver|take|order|supply|accept|have|with|give us|go (?:ahead|for|with)) (?:\w+ ){0,4}available|(?:what(?:ever)?(?:'s| is| you have)|the) available (?:quantity|quantities|stock|pieces|units|ones)|what(?:ever)? (?:is|you have|you've got|you can) (?:\w+ )?(?:available|in stock|left|deliver)|available(?= please| quantity| only|$)|partial (?:delivery|shipment|order) (?:is )?(?:ok|fine|please|accepted)|verfugbare[nrs]?|(?:was|soviel|so viel) (?:\S+ ){0,3}(?:verfugbar|lieferbar|vorratig|auf lager|da) ist|vorhandene[nrs]?|(?:was|soviel) sie (?:\S+ )?(?:haben|auf lager haben)|teillieferung (?:ist )?(?:ok|bitte|in ordnung)|(?:ce que vous avez|ce qu'il y a|ce qui est|ce qu'il reste) en stock|(?:ce qui|la quantite|les quantites|les pieces|le stock|quantite|ce que vous avez de) (?:\S+ ){0,2}disponibles?|disponible(?= s| svp|$)|beschikbare|wat (?:\S+ ){0,3}(?:beschikbaar|voorradig|op voorraad) is|beschikbaar(?=$| aub)|disponibil[ei](?= per favore|$)|(?:quello che|quanto|la quantita|i pezzi|la merce) (?:\S+ ){0,2}(?:e |avete )?(?:disponibil[ei]|a magazzino)|(?:lo|la cantidad|las unidades|las piezas|lo que) (?:\S+ ){0,3}(?:disponibles?|en stock|haya|tengan)|disponible(?= por favor|$)|(?:mevcut|eldeki|stoktaki)(?! degil)(?: \S+){0,3}|mevcut olan)/u,
  ],
  [
    2,
    /(?<![\p{L}])(?:wait(?:ing)?(?! a (?:minute|moment|second))|back-?order(?:ed)?|hold the order|(?:until|till|when|once) (?:\w+ ){0,4}(?:restock|replenish)\w*|replenish\w*|warten?|abwarten|gewartet|wartet|nachlieferung|nachliefern|ruckstand|attend(?:re|ons|s)?|patient(?:er|ons)|reapprovisionnement|reliquat|wachten?|wacht|nalevering|naleveren|aspett(?:are|iamo|o)|attend(?:iamo|ere|o)|riassortimento|rifornimento|esper(?:ar|amos|aremos|o)|reposicion|reabastecimiento|bekle(?:riz|mek|yelim|yecegiz|yebiliriz|rim|yin|yebilirim)|bekliyoruz|bekleriz)(?![\p{L}])/u,
  ],
  [
    3,
    /(?<![\p{L}])(?:cancel(?:l?ed|l?ing|lation)?|stornier\w*|storno|annullier\w*|annul(?:er|ez|ons|e|ation|lation|eren|eer|lering)?|annull(?:are|ate|iamo|o|amento)|cancel(?:ar|amos|en|o|acion|ad)|anul(?:ar|amos|en|acion)|iptal\w*)(?![\p{L}])/u,
  ],
];

/** Only a part is cancelled, which goes with taking what is available. */
export const REST =
  /(?<![\p{L}])(?:the rest|the remaind\w*|remaining|the balance|outstanding|den rest|restliche[nrs]?|restmenge|le reste|le solde|reliquat|de rest|restant\w*|il resto|rimanent\w*|el resto|kalan\w*|gerisi\w*)(?![\p{L}])/u;

/** Behind a word of waiting: an answer of ours, not goods. */
const ANSWER =
  '(?:answers?|repl(?:y|ies)|responses?|call|feedback|confirmation|news|information|offer|quot\\w*|instructions|mail|e-?mail|ruckruf|antwort|ruckmeldung|bestatigung|nachricht|angebot|info\\w*|reponse|retour|nouvelles|appel|offre|antwoord|reactie|bevestiging|bericht|terugkoppeling|risposta|riscontro|conferma|notizie|offerta|chiamata|respuesta|confirmacion|noticias|llamada|oferta)';
export const WAITS_FOR_US = new RegExp(String.raw`^(?: \S+){0,5} ${ANSWER}(?![\p{L}])`, 'u');
/** Before it, in Turkish. */
export const WAITED_FOR =
  /(?<![\p{L}])(?:cevab\w*|cevap\w*|yanit\w*|donus\w*|haber\w*|onay\w*|teyid\w*|bilgi\w*|teklif\w*|aramaniz\w*)(?: \S+)? $/u;

/** Behind a word of cancelling: something that is no order. */
export const OTHER_THINGS =
  /^(?: \S+){0,3} (?:subscription|newsletter|meeting|appointment|visit|call|abonnement|termin|besuch|rendez-vous|reunion|afspraak|riunione|appuntamento|reunion|cita|toplanti|randevu)(?![\p{L}])/u;

/** The rest comes another time. */
export const LATER =
  /(?<![\p{L}])(?:(?:the |den |le |de |il |el )?(?:rest|remaind\w*|balance|reste|solde|resto|kalan\w*) (?:\S+ ){0,4}(?:later|afterwards|when|as soon as|once|back-?order|spater|sobald|nach\w*|plus tard|des que|quand|zodra|daarna|piu tardi|quando|appena|dopo|mas tarde|cuando|despues|sonra)|(?:later|spater|plus tard|piu tardi|mas tarde|sonra) (?:the |den |le |de |il |el )?(?:rest|reste|resto|kalan\w*))(?![\p{L}])/u;

const NOT_BEFORE =
  /(?<![\p{L}])(?:not|don't|dont|do not|never|no|nicht|kein\w*|ne|n'|pas|plus|niet|geen|non|sin|rather than|instead of|statt|anstatt|ohne|weder|ni|ne pas|sans|zonder|senza|cannot|can't|won't|konnen nicht|nor|neither|without|wollen nicht|unable to)(?: \S+){0,3} $/u;
const NOT_BEHIND =
  /^(?: \S+){0,2} (?:nicht(?! mehr moglich)|pas|plus|niet|is (?:not|no)|not an option|no longer|kommt nicht|degil)(?![\p{L}])/u;
const NOT_TURKISH = /^(?:etme(?:yin|yiniz|yelim|k istemiyoruz)|beklemeyelim|beklemek istemiyoruz|beklemiyoruz)/u;

/** Whether a word at this place of a sentence is denied: `do not cancel`, `nicht stornieren`, `iptal etmeyin`. */
export function isNegated(sentence: string, start: number, end: number): boolean {
  // A comma, `but` or `sondern` ends what a negation reaches.
  const before = sentence
    .slice(0, start)
    .split(/[,;]|(?<![\p{L}])(?:but|sondern|aber|mais|maar|ma|pero|sino|ama|and|und|et|en|e|y)(?![\p{L}])/u)
    .at(-1)!;
  const behind = sentence.slice(end).split(/[,;.!]/)[0]!;
  return (
    NOT_BEFORE.test(before) ||
    NOT_BEHIND.test(behind) ||
    NOT_TURKISH.test(behind.trim()) ||
    /^(?: \S+)? (?:istemiyoruz|olmasin)/u.test(behind)
  );
}
