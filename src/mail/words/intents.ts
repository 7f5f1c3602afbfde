// What a mail wants when it is no order, whatever lines it holds: a price, a cancellation, a complaint, an invoice, thanks.
// All patterns are for folded text, one sentence at a time.

export type Intent =
  | 'price'
  | 'cancellation'
  | 'complaint'
  | 'invoice'
  | 'status'
  | 'change'
  | 'forecast'
  | 'supplier'
  | 'thanks'
  | 'information';

const PATTERNS: Readonly<Record<Intent, readonly RegExp[]>> = {
  price: [
    /(?:please|kindly|pls) (?:\w+ )?quote(?! (?:our|the|this|po|order|ref))|request for (?:a )?(?:quot|propos|pric|offer)|(?<![\p{L}])rf[qi](?![\p{L}])|(?:send|give|provide|submit|make|get|need|want|like|have|let us have|tell|offer|receive) (?:\w+ ){0,4}(?:quot(?:e|es|ation|ations)|offer|prices?|pricing|price list|estimate)(?![\p{L}])|what (?:is|are|would|do|does) (?:\w+ ){0,6}(?:price|prices|cost|costs|charge)|how much (?:is|are|would|do|does|for|will)|price (?:request|inquiry|enquiry|check|info)|(?:quotation|quote) (?:request|needed|for)|(?:your|best) (?:best )?(?:price|prices|pricing)(?![\p{L}]| list)|(?:could|can|would) you (?:\w+ )?quote|enquiry|inquiry/u,
    /preisanfrage|angebotsanfrage|(?<![\p{L}])anfrage|bitten? (?:wir )?(?:sie )?um (?:\S+ ){0,3}(?:angebot|preis)|(?:machen|erstellen|senden|schicken|unterbreiten|geben|bieten|nennen) sie (?:uns |mir )?(?:\S+ ){0,6}(?:angebot|preis)|bieten sie (?:\S+ ){0,8}an(?![\p{L}])|(?:ein|ihr|das) angebot (?:uber|fur|zu)(?! \d+ (?:vom|v))|was kost|preise? (?:fur|mitteilen|nennen|von)|wie (?:viel|teuer)|benotigen (?:\S+ ){0,4}angebot/u,
    /demande de (?:prix|devis|cotation|tarif|offre)|(?:un|votre|vos|etablir (?:un|le)) (?:meilleur(?:e|es|s)? )?(?:devis|cotation)(?! n| du| \d)|(?:votre|vos|quel(?:s)? (?:est|sont|serait|seraient) (?:le|les|votre|vos)) (?:\S+ ){0,2}(?:prix|tarifs?|offre)(?! n| du| \d)|combien (?:coute|vaut|serait)|(?:faire|transmettre|envoyer|communiquer|donner) (?:\S+ ){0,4}(?:devis|prix|tarif|offre)/u,
    /offerte-?\s?aanvraag|prijsaanvraag|(?:een|uw) (?:beste |scherpe )?(?:offerte|prijsopgave|prijs)(?! \d| van)|wat kost|(?:prijs|prijzen|offerte) (?:\S+ ){0,4}(?:opgeven|doorgeven|sturen|ontvangen|maken)|hoeveel kost|offreren/u,
    /richiesta (?:di |d')(?:preventivo|offerta|quotazione|prezz)|(?:un|vostro|vostra|migliore|la) (?:\S+ ){0,2}(?:preventivo|quotazione)(?! n| del| \d)|(?:vostra|migliore) (?:migliore )?offerta(?! n| del| \d)|(?:miglior|vostri|vostro|quali sono i) (?:\S+ ){0,2}prezz|quanto cost|quotare/u,
    /(?:envi|mand|hac|hag|necesit|solicit|pas|facilit|remit)\w* (?:\S+ ){0,3}(?:presupuesto|cotizacion|precios?)(?![\p{L}])|solicitud de (?:presupuesto|cotizacion|oferta|precio)|(?:un|su|el) (?:mejor )?presupuesto(?! n| del| \d)|(?:una|su) (?:mejor )?(?:cotizacion|oferta)(?! n| del| \d)|cotizar|cotice|(?:mejor|su|que) (?:\S+ )?precios?|cuanto cuest|cuanto vale/u,
    /fiyat (?:tekli|bilgi|talep|list|sor|ver|al)|teklif(?:inizi|iniz)? (?:\S+ ){0,2}(?:rica|talep|ister|isti|ver|gonder|bekl|al)|teklif talebi|fiyat(?:i|lari|ini|larini|iniz)? (?:ne|nedir|rica|\S+ misiniz)|ne kadar/u,
  ],
  cancellation: [
    /(?<![\p{L}])cancel(?:l?ed|l?ing|lation|s)?(?![\p{L}])|withdraw (?:our|the|this)|revoke/u,
    /stornier|stornoauftrag|(?<![\p{L}])storno|annullier|(?:bestellung|auftrag) (?:\S+ ){0,5}(?:zuruckzieh|zuruckziehen|zuruck(?![\p{L}]))|nicht mehr (?:gultig|aktuell)/u,
    /(?<![\p{L}])annul/u,
    /annule/u,
    /annull|disdir|disdett|disdic/u,
    /(?<![\p{L}])cancel[aeo]|cancelar|cancelacion|anul[aeo]/u,
    /(?<![\p{L}])iptal/u,
  ],
  complaint: [
    /complain|(?:delivered|received|shipped|sent|arrived) (?:\S+ ){0,4}twice(?![\p{L}])|(?:received|got|delivered|sent us|shipped us) (?:\S+ ){1,6}instead of|damaged|defective|faulty|(?:were|was|are|is|came|arrived) (?:\w+ )?broken|wrong (?:parts?|items?|products?|goods|articles?|quantity|size)|(?:missing|short) (?:from|in) (?:the|your|our|this|last)|not what we ordered|(?<![\p{L}])rma(?![\p{L}])|credit note|scratche[ds]|rejected|out of tolerance|cracked|poor quality|do(?:es)? not fit|return (?:them|these|the goods|the parts)|warranty claim|(?:we|i)(?: are| am|'re|'m| will be| have| had to)? return(?:ing|ed)? (?:\S+ ){0,3}\d|(?:like|want|wish|have|need|going|allowed|able) to (?:return|send back)(?! (?:\S+ ){0,4}(?:signed|confirmation|copy|form|docu\w*|empties|packaging))|(?:return|send back) (?:\S+ ){0,2}\d|(?:received|delivered|got|sent|came|arrived) only|only (?:received|got|delivered)|\d \S+ (?:\S+ )?(?:are|is) (?:still )?missing|missing (?:\d|goods|parts|pieces|items|units|pcs|ones)|too many(?![\p{L}])|not enough (?:were|was)/u,
    /reklam|doppelt (?:geliefert|erhalten|bekommen|gesendet)|(?:statt|anstelle|anstatt) (?:\S+ ){1,6}(?:erhalten|bekommen|geliefert)(?![\p{L}])|(?:erhalten|bekommen|geliefert) (?:\S+ ){0,4}(?:statt|anstelle)|beschadigt|(?<![\p{L}])defekt|mangelhaft|mangelruge|(?:waren|war|sind|ist) (?:\S+ )?(?:kaputt|gebrochen|falsch|verbogen)|falsch(?:e[nrs]?)? (?:artikel|teile|ware|menge|geliefert)|fehlmenge|gutschrift|zerkratzt|fehlerhaft|unvollstandig geliefert|(?:senden|schicken) (?:\S+ ){0,8}zuruck(?![\p{L}])|\d (?:\S+ ){0,5}zuruck(?:zu)?(?:send|schick|geb)|retour(?:e|en|nieren|sendung)(?![\p{L}])|rucksendung (?:von |der |des )|nur \S+ (?:\S+ ){0,5}(?:erhalten|bekommen|geliefert|angekommen)|es fehl(?:en|t) (?:\S+ ){0,3}\d|fehlende[nr]? \d|zu viel(?:e)?(?![\p{L}])/u,
    /reclamation|(?:livre|recu|envoye)\S* (?:\S+ ){0,4}(?:en double|deux fois)(?![\p{L}])|(?:recu|livre) (?:\S+ ){1,6}au lieu d|(?:etablir|emettre|envoyer|faire|demander|recevoir) un avoir|un avoir (?:pour|sur)(?![\p{L}])|\d \S+ (?:\S+ )?retourne(?:e?s|e)?(?![\p{L}])|endommag|defectueu|non[- ]conform|(?:etaient|sont|est|etait|arrive\S*) (?:\S+ )?(?:casse|abime|raye|fissure)|note de credit|mauvais(?:e|es)? (?:pieces?|articles?|produits?|quantite)|il (?:nous )?manque|litige|(?:retournons|renvoyons)(?![\p{L}])|(?:retourner|renvoyer) (?:\S+ ){0,3}\d|vous (?:retourner|renvoyer) (?:\S+ ){0,3}(?:pieces?|articles?|produits?|marchandises?)|n'avons recu que|recu seulement|(?:pieces|articles|produits|unites) manquant|(?<=\d \S{1,20} )de trop/u,
    /klacht|(?:dubbel|twee keer) (?:geleverd|ontvangen|gestuurd)|in plaats van (?:\S+ ){1,6}(?:ontvangen|geleverd)|(?:ontvangen|geleverd) (?:\S+ ){0,6}in plaats van|beschadigd|(?<![\p{L}])defect|kapot|creditnota|verkeerde? (?:artikel|onderdelen|product|aantal|levering)|gebroken|retourzending|reclamatie|(?:sturen|zenden) (?:\S+ ){0,8}(?:terug|retour)(?![\p{L}])|\d (?:\S+ ){0,5}(?:retourneren|terugsturen|terugzenden|retour (?:te )?(?:sturen|zenden))|(?:slechts|maar) (?:\S+ ){0,4}ontvangen|ontbre(?:ken|ekt) (?:\S+ ){0,3}\d|ontbrekende (?:stuks|onderdelen|artikelen)|te veel/u,
    /reclamo|(?:consegnat|ricevut|spedit)\S* (?:\S+ ){0,4}(?:due volte|doppi[oa])(?![\p{L}])|(?:ricevuto|consegnat[oi]) (?:\S+ ){1,6}(?:al posto|invece) d|danneggiat|difettos|(?:sono|erano|era|arrivat\S*) (?:\S+ )?rott|non conform|nota di credito|pezzi sbagliati|articol[oi] errat|contestazione|restituiamo|(?:restituire|rendere|rispedire) (?:\S+ ){0,3}\d|(?:ricevuto|arrivat[aoi]) (?:\S+ )?(?:solo|soltanto)|solo ricevuto|(?:pezzi|articoli|prodotti) mancanti|in eccesso|(?<![\p{L}])resi?(?![\p{L}]) (?:merce|materiale)/u,
    /reclamacion|(?:entregad|recibid|enviad)\S* (?:\S+ ){0,4}(?:dos veces|por duplicado)(?![\p{L}])|(?:recibido|llegado|entregado) (?:\S+ ){1,6}en (?:lugar|vez) de|(?<![\p{L}])queja|danad[oa]|defectuos|(?:llego|llegaron|estan|estaban|venian) (?:\S+ )?rot[oa]|equivocad|nota de abono|en mal estado|devolver|devolvemos|devolucion|(?:solo|solamente) (?:hemos recibido|recibimos|llegaron)|faltan (?:\S+ )?\d|(?:piezas|unidades) (?:que )?falta|de mas(?![\p{L}])/u,
    /sikayet|iki (?:kez|kere|defa) (?:geldi|gonder|teslim)|yerine (?:\S+ ){1,6}(?:geldi|gonderil|teslim)|hasarli|kusurlu|(?<![\p{L}])kirik|arizali|yanlis (?:urun|parca|malzeme)|iade(?![\p{L}])|bozuk|eksik (?:geldi|teslim|gonder)|fazla (?:geldi|gonder)/u,
  ],
  invoice: [
    /(?:attached|enclosed|find|see|herewith|overdue|unpaid|regarding|about|outstanding|open|copy of) (?:\w+ ){0,4}invoices?(?! (?:address|to)|[\p{L}])|^(?:re: |fwd?: )?(?:invoice|payment reminder|statement of account|remittance|credit note)(?![\p{L}]| (?:to|address|please))|(?<!(?:on|onto|to|in|with|send|mail|address|quote|for) )your invoice|our invoice|payment (?:reminder|advice)|remittance advice|proforma/u,
    /(?:anbei|beiliegend\w*|im anhang|unsere|ihre|betrifft|offene|uberfallige) (?:(?!auf |in )\S+ ){0,3}rechnung(?:en)?(?! an)(?![\p{L}])|^(?:re: |aw: )?(?:rechnung|mahnung|zahlungserinnerung|zahlungsavis)(?![\p{L}]|(?: \S+){0,2} (?:an|nach|per)(?![\p{L}])| bitte| senden)|zahlungserinnerung|(?<![\p{L}])mahnung/u,
    /(?:ci-joint|notre|votre|voici|jointe?) (?:(?!sur )\S+ ){0,3}factures?(?! a)(?![\p{L}])|^(?:re: |tr: )?(?:facture|relance|rappel de paiement)(?![\p{L}]| (?:a(?:dresser|dressee)? |a (?:adresser|envoyer)|par |merci))/u,
    /(?:bijgevoegd|bijgaand|onze|uw|openstaande) (?:(?!op )\S+ ){0,3}factu(?:ur|ren)(?! naar| aan)(?![\p{L}])|^(?:re: )?(?:factuur|betalingsherinnering|aanmaning)(?![\p{L}]| (?:graag|naar|aan|sturen))/u,
    /(?:allegat\w+|in allegato|nostra|vostra) (?:(?!in |sulla )\S+ ){0,3}fattur[ae](?! a)(?![\p{L}])|^(?:re: |r: )?(?:fattura|sollecito)(?![\p{L}]| (?:a |da inviare|via|per favore))/u,
    /(?:adjunt\w+|nuestra|su|vencida|pendiente) (?:(?!en )\S+ ){0,3}facturas?(?! a)(?![\p{L}])|^(?:re: |rv: )?(?:factura|recordatorio de pago)(?![\p{L}]| (?:a |por favor|para|enviar))/u,
    /(?:ekte|ekteki|faturamiz|faturaniz|odenmemis) (?:\S+ ){0,3}fatura|^(?:re: |ynt: )?fatura(?![\p{L}])|faturamiz|faturaniz(?! kes)/u,
  ],
  /** About an order that exists. */
  status: [
    /where (?:is|are) (?:\w+ ){0,3}(?:order|deliver|shipment|goods|parts|parcel|items?|pcs)|status of (?:our|my|the)|order status|tracking (?:number|no|info)|still waiting (?:for|on)|(?:have|has|were|was) (?:still )?not (?:yet )?(?:been )?(?:received (?:the|our|any) (?:goods|parts|deliver|order|shipment|items)|arrived|delivered|shipped)|overdue (?:order|deliver)|chasing|follow(?:ing)?[- ]?up on (?:our|my|the) order|any (?:news|update) (?:on|about|regarding)/u,
    /wo (?:ist|sind|bleib\w*) (?:\S+ ){0,3}(?:bestellung|lieferung|ware|sendung|teile)|lieferstatus|sendungsverfolgung|(?:warten|wartet) (?:\S+ ){0,2}(?:noch|seit)|noch nicht (?:\S+ ){0,2}(?:angekommen|eingetroffen|geliefert|da)|uberfallig|lieferverzug|stand (?:der|unserer) (?:bestellung|lieferung)/u,
    /ou (?:en )?(?:est|sont) (?:\S+ ){0,3}(?:commande|livraison|colis|pieces)|suivi de (?:la|notre|ma) commande|(?:attendons|attend|attends) (?:toujours|encore)|(?:toujours|encore) pas (?:ete )?(?:recu la|recu notre|recu les|livre)|retard de livraison|pas encore (?:ete )?(?:arrive|recu l|recu n|livre)/u,
    /waar (?:blijft|is|zijn) (?:\S+ ){0,3}(?:bestelling|levering|order|zending)|status van (?:onze|de|mijn)|wachten (?:nog|al|steeds)|nog niet (?:\S+ )?(?:geleverd|binnen|aangekomen)/u,
    /dov'?e (?:\S+ ){0,3}(?:ordine|consegna|merce)|stato (?:dell'|del nostro |della )(?:ordine|consegna)|(?:stiamo|siamo) (?:ancora )?(?:aspettando|in attesa d)|(?:e|sono) ancora arrivat|sollecitiamo/u,
    /donde esta (?:\S+ ){0,3}(?:pedido|entrega|envio)|estado (?:del|de nuestro|de mi) pedido|seguimos esperando|(?:aun|todavia) no (?:\S+ ){0,2}(?:llegado|entregado|enviado)|pedido retrasado|no (?:ha|han|hemos) (?:\S+ )?(?:llegado|recibido|entregado) (?:\S+ ){0,4}(?:todavia|aun)(?![\p{L}])/u,
    /(?:siparis\w*|teslimat\w*) (?:\S+ )?(?:nerede|durumu)|hala bekl|henuz (?:gelmedi|ulasmadi|teslim)|gecikti/u,
  ],
  change: [
    /(?:increase|reduce|change|amend|modify|alter|adjust|correct|postpone|reschedule|bring forward) (?:the )?(?:\w+ ){0,3}(?:our|my|the|this|existing|quantit\w+ (?:of|on|in) (?:our|the)) (?:\w+ )?(?:order|po|purchase order)(?![\p{L}])|change to (?:our )?(?:order|po)(?![\p{L}])|(?:hold|pause|suspend|stop|postpone|delay) (?:(?:back|our|my|the|this|all|any|further) )*(?:shipments?|deliver(?:y|ies)|dispatch|despatch|production)(?![\p{L}])|(?:postpone|reschedule|push out|push back|bring forward|expedite) (?:\S+ ){0,8}(?:order|po|p\.o\.)(?![\p{L}])|(?:hold|pause|suspend|stop|delay|expedite) (?:\w+ )?(?:our|my|the|this) (?:\w+ ){0,2}(?:order|delivery|po|shipment)(?![\p{L}])|(?:our|my|the) (?:\w+ )?(?:order|delivery|po|shipment) (?:\S+ ){0,10}(?:earlier|later|sooner)(?![\p{L}])|(?:order|po) (?:change|amendment)|(?:increase|reduce|change|amend|alter|adjust|correct|decrease) (?:\S+ ){0,8}(?:on|of|in|for) (?:(?:our|the|my|this) )*(?:purchase order|order|po|p\.o\.)(?! confirm)(?![\p{L}])|(?:remove|delete|drop|take|strike|omit|deduct) (?:\S+ ){0,8}(?:from|off|out of) (?:(?:our|my|the|this|existing|open|last|previous|purchase) )*(?:order|po|p\.o\.)(?![\p{L}])|add (?:\S+ ){1,8}(?:on)?to (?:(?:our|my|the|this|existing|open|last|previous|purchase) )*(?:order|po|p\.o\.)(?![\p{L}])/u,
    /(?:erhohen|reduzieren|andern|verschieben|korrigieren|anpassen) (?:\S+ ){0,8}(?:bestellung|auftrag)|(?:bestellung|auftrag) (?:\S+ ){0,4}(?:erhohen|reduzieren|andern|verschieben|abandern|anpassen)|(?:unsere[nr]?|meine[nr]?|die|der) (?:bestellung|auftrag|lieferung) (?:\S+ ){0,10}(?:fruher|spater|vorziehen|zuruckstellen|anhalten|stoppen)(?![\p{L}])|bestellanderung|auftragsanderung|anderung (?:der|unserer|zur) bestellung|(?:bestellung|auftrag) (?:\S+ ){0,8}(?:streichen|entfernen|loschen|herausnehmen|erganzen|hinzufugen|hinzu(?![\p{L}])|erweitern)|(?:streichen|entfernen|loschen|nehmen|erganzen) sie (?:\S+ ){1,8}(?:aus|von|in) (?:unserer|der|meiner|dem|unserem) (?:bestellung|auftrag)/u,
    /(?:modifier|augmenter|reduire|changer|reporter|decaler) (?:\S+ ){0,8}commande|modification de (?:la|notre) commande|(?:notre|la) (?:commande|livraison) (?:\S+ ){0,10}(?:plus tot|plus tard|en attente)(?![\p{L}])|(?:suspendre|avancer|retarder) (?:\S+ ){0,3}(?:commande|livraison)|(?:retire[rz]|supprime[rz]|enleve[rz]|ote[rz]) (?:\S+ ){0,8}(?:de|a) (?:la|notre|ma|cette) commande|ajoute[rz] (?:\S+ ){0,8}a (?:la|notre|ma|cette) commande/u,
    /(?:wijzig\w*|aanpass\w*|verhog\w*|verlag\w*|verschuif\w*|uitstel\w*) (?:\S+ ){0,8}(?:bestelling|order)|(?:bestelling|order) (?:\S+ ){0,3}(?:wijzigen|aanpassen|verhogen|verlagen|uitstellen|vervroegen|aanhouden)|(?:onze|de) (?:bestelling|order|levering) (?:\S+ ){0,10}(?:eerder|later)(?![\p{L}])|(?:verwijder\w*|schrap\w*|haal) (?:\S+ ){0,8}(?:uit|van) (?:onze|de|mijn) (?:bestelling|order)|(?:bestelling|order) (?:\S+ ){0,6}(?:toevoegen|schrappen|verwijderen)|voeg (?:\S+ ){1,8}toe aan (?:onze|de|mijn) (?:bestelling|order)/u,
    /(?:modificare|aumentare|ridurre|cambiare|posticipare) (?:\S+ ){0,8}(?:dell'|all'|l')?ordine|modifica (?:dell'|del nostro )ordine|(?:anticipare|sospendere|ritardare) (?:\S+ ){0,3}(?:ordine|consegna)|(?:rimuovere|togliere|eliminare|stralciare|rimuovete|togliete) (?:\S+ ){0,8}(?:dall'|dal (?:nostro )?)ordine|(?:aggiungere|aggiungete) (?:\S+ ){0,8}(?:all'|al (?:nostro )?)ordine/u,
    /(?:modificar|aumentar|reducir|cambiar|aplazar) (?:\S+ ){0,8}pedido|modificacion del pedido|(?:adelantar|suspender|retrasar|retener) (?:\S+ ){0,3}(?:pedido|entrega)|(?:quit\w+|elimin\w+|retir\w+) (?:\S+ ){0,8}(?:del|de nuestro|de mi) pedido|(?:anad\w+|agreg\w+) (?:\S+ ){0,8}(?:al|a nuestro|a mi) pedido/u,
    /siparis\w* (?:\S+ ){0,3}(?:degistir|arttir|azalt|revize|ertele|beklet|one al)|siparis\w*(?:den|dan|e|a|ye|ya|ten|tan|ne|na) (?:\S+ ){1,8}(?:cikar|ekle|sil(?:in|iniz))/u,
  ],
  /** What may be ordered one day. */
  forecast: [
    /(?:this|it|that|below|following) (?:\S+ )?is (?:not|no) (?:yet )?(?:an? )?(?:\w+ )?(?:order|purchase order)(?![\p{L}])|(?:for planning purposes|for information) only|(?:non-?binding|preliminary) (?:forecast|demand|figures|plan)/u,
    /(?:noch )?keine (?:verbindliche |feste )?bestellung(?![\p{L}])(?! (?:erhalten|bekommen|vorlieg))|unverbindliche (?:vorschau|planung|bedarfs\w*)|bedarfsvorschau/u,
    /(?:n'est|ne (?:constitue|represente)) pas (?:encore )?une commande|previsions? non contractuelle/u,
    /(?:nog )?geen (?:definitieve )?bestelling(?![\p{L}])(?! ontvangen)|vrijblijvende (?:prognose|planning)/u,
    /non (?:e|costituisce) (?:ancora )?un ordine|previsione non vincolante/u,
    /no es (?:todavia |aun )?un pedido|no constituye un pedido|prevision no vinculante/u,
    /siparis degildir|(?:henuz|kesin) siparis degil/u,
  ],
  /** Who writes sells: confirms, ships, offers. */
  supplier: [
    /we (?:\w+ ){0,3}confirm (?:\w+ ){0,3}your (?:\w+ )?(?:order|po)(?![\p{L}])|your (?:order|shipment|parcel|package|goods) (?:\S+ ){0,8}(?:on (?:its|their) way|(?:has|have|was|were|will be|is being) (?:been )?(?:shipped|dispatched|delivered|despatched))|thank you for your (?:\w+ )?order(?! (?:confirm|acknowl))(?![\p{L}])|we (?:can |could |would like to |are pleased to |are happy to )?offer(?: you)?(?: (?:\S+ ){0,2}\d| (?:the )?(?:following|below)|(?: as follows)?:?$)|(?:are|would) you (?:be )?interested\?|^interested\?|surplus stock|(?:here|this|below|following|attached) (?:is|are) (?:\S+ ){0,3}(?:what we (?:\S+ )?have|(?:our|my) (?:\S+ )?(?:stock|inventory))(?![\p{L}])|(?:are|is) for sale/u,
    /wir bestatigen (?:\S+ ){0,4}(?:ihre[nr]?|eure[nr]?) (?:bestellung|auftrag)|(?:ihre|eure) (?:bestellung|sendung|lieferung|ware) (?:\S+ ){0,8}(?:versandt|versendet|verschickt|unterwegs|zugestellt|verlassen)|dank fur (?:ihre[n]?|eure[n]?) (?:bestellung|auftrag)(?![\p{L}])|wir bieten (?:\S+ ){0,8}an(?![\p{L}])|wir (?:konnen|mochten|durfen) (?:ihnen|euch) (?:\S+ ){0,8}anbieten/u,
    /nous (?:vous )?confirmons (?:\S+ ){0,4}votre commande|votre (?:commande|colis|envoi) (?:\S+ ){0,8}(?:expedie|livre|en route|parti)|(?:merci|remercions) (?:\S+ )?(?:pour|de) votre commande|nous vous (?:proposons|offrons)|nous pouvons vous (?:proposer|offrir)/u,
    /(?:wij|we) bevestigen (?:\S+ ){0,4}uw (?:bestelling|order)|uw (?:bestelling|order|zending|pakket) (?:\S+ ){0,8}(?:verzonden|onderweg|verstuurd)|(?:bedankt|dank) voor uw (?:bestelling|order)(?![\p{L}])|(?:wij|we) bieden (?:\S+ ){0,8}aan(?![\p{L}])|(?:wij|we) kunnen (?:u|jullie) (?:\S+ ){0,8}aanbieden/u,
    /confermiamo (?:\S+ ){0,4}(?:vostro|vs\.?|suo) ordine|(?:vostro|suo) ordine (?:\S+ ){0,8}(?:spedit|partit|in viaggio)|grazie per (?:il vostro|il suo|il tuo) ordine|vi (?:offriamo|proponiamo)|possiamo (?:offrirvi|proporvi)/u,
    /confirmamos (?:\S+ ){0,4}su pedido|su pedido (?:\S+ ){0,8}(?:enviado|en camino|expedido)|gracias por su pedido|(?:les|le) ofrecemos|podemos ofrecer(?:les?)?(?![\p{L}])/u,
    /siparisinizi (?:\S+ )?(?:onayl|teyit)|siparisiniz (?:\S+ ){0,6}(?:kargo|yola cik|sevk ed)|siparisiniz icin tesekkur|satiliktir|(?:size )?(?:\S+ ){0,3}sunabiliriz/u,
  ],
  thanks: [
    /thank(?:s| you) (?:\w+ ){0,3}for (?:the|your|delivering|sending) (?:\w+ ){0,3}(?:deliver|shipment|parcel|goods|parts|confirmation|sending)|(?:arrived|received) (?:\w+ ){0,4}(?:safely|well|today|yesterday|in good|with thanks|complete)/u,
    /dank(?:e|en wir)? (?:\S+ ){0,3}fur (?:die|ihre|das|den|eure) (?:\S+ ){0,2}(?:lieferung|sendung|bestatigung|auftragsbestatigung|ware)|(?:gut|wohlbehalten|heil|heute|gestern) angekommen/u,
    /merci (?:\S+ ){0,2}pour (?:la|votre|les|le) (?:\S+ ){0,2}(?:livraison|envoi|confirmation|pieces)|bien (?:recu|arrive)/u,
    /(?:bedankt|dank) (?:\S+ ){0,2}voor (?:de|uw|het) (?:\S+ ){0,2}(?:levering|zending|bevestiging)|goed (?:ontvangen|aangekomen)/u,
    /grazie (?:\S+ ){0,2}per (?:la|il|le|l)(?:[ '])(?:\S+ ){0,2}(?:consegna|spedizione|conferma|merce)|(?:arrivat|ricevut)[aoi] (?:\S+ )?(?:bene|oggi|ieri|integr)/u,
    /gracias por (?:la|su|el|los) (?:\S+ ){0,2}(?:entrega|envio|confirmacion)|(?:llego|llegado|recibido) (?:\S+ )?(?:bien|hoy|ayer|todo)/u,
    /(?:teslimat|sevkiyat|gonderi|onay)\S* (?:\S+ )?icin (?:\S+ )?tesekkur|teslim aldik|elimize ulasti|(?:bugun|dun|bu sabah) (?:geldi|ulasti)/u,
  ],
  information: [
    /lead time|delivery time|availab|do you (?:have|stock|carry|make|produce|sell|offer)|in stock|when (?:can|could|will|would)|how (?:long|soon|many)|is it possible|data ?sheet|drawing|specification/u,
    /lieferzeit|verfugbar|lieferbar|wann|haben sie|fuhren sie|wie lange|ist es moglich|datenblatt|vorratig/u,
    /delai|disponib|avez-vous|est-ce que|quand|fiche technique|est-il possible/u,
    /levertijd|beschikbaar|leverbaar|heeft u|hebben jullie|wanneer|hoe lang|op voorraad/u,
    /tempi di consegna|disponib|avete|quando|scheda tecnica|e possibile/u,
    /plazo de entrega|disponib|tienen|cuando|ficha tecnica|es posible/u,
    /temin suresi|mevcut mu|stokta|var mi|ne zaman|teslim suresi|mumkun mu/u,
  ],
};

/** A price or an offer that exists already is only referred to. */
const REFERRED =
  /(?:according to|as per|per|based on|with reference to|referring to|refer to|following|accept|accepting|thanks? (?:you )?for|(?:vielen |besten )?dank fur|danke fur|merci (?:\S+ )?(?:pour|de)|(?:be)?dankt? voor|grazie per|ringraziamo per|gracias por|confirm|under|gemass|gemaess|laut|lt\.?|bezug(?:nehmend)? auf|basierend auf|aufgrund|wie in|selon|suivant|conformement a|suite a|d'apres|acceptons|volgens|conform|op basis van|naar aanleiding van|secondo|come da|in base a|con riferimento a|accettiamo|segun|conforme a|de acuerdo con|aceptamos|uyarinca|istinaden|gore|temel alarak|zu den|at the) (?:\S+ ){0,4}$/u;
const CONFIRMATION = /bestatigung|bevestiging|confirm|conferma|confirmacion|onay|teyit/u;
/** `so that nothing is damaged`. */
const NOT_TO_HAPPEN =
  /(?:nothing|avoid\w*|prevent\w*|so that no\w*|nichts|vermeid\w*|damit nicht\w*|rien|eviter|niets|voorkom\w*|niente|evitare|nada|evitar)(?: \S+){0,4} $/u;
/** Papers that go back are no goods: `send the signed confirmation back`. */
const RETURNED_PAPERS =
  /(?:bestatigung|confirmation|bevestiging|conferma|confirmacion|signed|unterschrieben\w*|signe\w*|ondertekend\w*|firmat[oa]|kopie|copy|formular)(?: \S+){0,6} (?:zuruck|terug|retour|back)|(?:return|send back|retourner|renvoyer|restituire|devolver) (?:\S+ ){0,4}(?:signed|confirmation|copy|signe\w*|copie|conferma|copia|firmad[oa]|confirmacion)/u;
const ONCE_SENT =
  /(?:once|when|as soon as|after|sobald|wenn|des que|une fois|zodra|appena|una volta|cuando|en cuanto) (?:\S+ ){0,4}(?:ship|dispatch|sen[dt]|versand|versend|expedi|envoy|verzond|verstuur|spedit|envi)/u;
const NOT_CANCELLED = /(?:do not|don't|not|never|nicht|pas|niet|non|no|without|kein\w*|ohne) (?:\w+ )?$|non-?$/u;

/** Place of German in the lists of patterns. */
const GERMAN = 1;

const compiled = new Map<RegExp, RegExp>();

function everywhere(pattern: RegExp): RegExp {
  let found = compiled.get(pattern);
  if (!found) {
    found = new RegExp(pattern.source, 'gu');
    compiled.set(pattern, found);
  }
  return found;
}

function hit(patterns: readonly RegExp[], sentence: string, except: RegExp | undefined): boolean {
  return patterns.some((pattern, language) => {
    if (!pattern.test(sentence)) return false;
    for (const match of sentence.matchAll(everywhere(pattern))) {
      // German joins words; elsewhere a word begins where it begins.
      if (language !== GERMAN && /\p{L}$/u.test(sentence.slice(0, match.index))) continue;
      if (!except?.test(sentence.slice(0, match.index))) return true;
    }
    return false;
  });
}

/** Intent of one folded sentence, or undefined. */
export function intentOf(sentence: string): Intent | undefined {
  if (hit(PATTERNS.cancellation, sentence, NOT_CANCELLED)) return 'cancellation';
  if (
    hit(PATTERNS.price, sentence, REFERRED) &&
    !/(?:offer|quot|angebot|offre|devis|offerte|preventivo|presupuesto|cotizacion|teklif)\S* (?:n[ro°º.]|no\.?|number|vom|of|du|van|del) ?\S*\d/u.test(
      sentence,
    )
  )
    return 'price';
  if (!RETURNED_PAPERS.test(sentence) && hit(PATTERNS.complaint, sentence, NOT_TO_HAPPEN)) return 'complaint';
  if (hit(PATTERNS.invoice, sentence, undefined)) return 'invoice';
  if (hit(PATTERNS.change, sentence, undefined)) return 'change';
  if (hit(PATTERNS.forecast, sentence, undefined)) return 'forecast';
  if (hit(PATTERNS.supplier, sentence, undefined)) return 'supplier';
  // Who waits for a confirmation sends the order again.
  if (!CONFIRMATION.test(sentence) && !ONCE_SENT.test(sentence) && hit(PATTERNS.status, sentence, undefined))
    return 'status';
  if (hit(PATTERNS.thanks, sentence, undefined)) return 'thanks';
  if (/\?\s*$/.test(sentence) && hit(PATTERNS.information, sentence, undefined)) return 'information';
  return undefined;
}

/** Papers that sellers send, by the first words of the subject; an answer to one of ours begins with `Re:`. */
const SELLERS_PAPERS =
  /^(?:(?:sales )?order (?:confirmation|acknowledg\w+)|(?:dispatch|despatch|shipping|shipment|delivery) (?:advice|note|notice|notification|confirmation)|packing (?:list|slip)|price list|(?:stock|inventory) (?:list|report|level\w*)|lagerliste|bestandsliste|inventarliste|(?:special|exclusive|best) offers?|sonderangebot|offre speciale|aanbieding|offerta speciale|oferta especial|ozel teklif|auftragsbestatigung|bestellbestatigung|lieferschein|lieferavis|versandanzeige|versandbestatigung|packliste|preisliste|confirmation de (?:votre )?commande|accuse de reception|bon de livraison|avis d'expedition|orderbevestiging|opdrachtbevestiging|pakbon|verzendbevestiging|prijslijst|conferma (?:d'|dell'|di )?ordine|documento di trasporto|ddt|bolla|avviso di spedizione|listino|confirmacion (?:de|del) pedido|albaran|aviso de envio|lista de precios|siparis (?:onayi|teyidi)|irsaliye|sevk irsaliyesi|kargo bildirimi|fiyat listesi)(?![\p{L}])(?! (?:request|required|needed|bitte|erbeten|svp|please|gewunscht))/u;

/** A subject that begins so speaks of what may be ordered one day. */
const FORECASTS =
  /^(?:(?:our|new|updated|monthly|quarterly|annual|rolling|demand|sales) )*(?:forecast|bedarfsvorschau|vorschau|bedarfsplanung|previsions?|prognose|previsione|tahmin)(?![\p{L}])(?!.*(?:order|bestell|commande|ordine|pedido|siparis))/u;

/** Intent of a folded subject, or undefined. */
export function subjectIntentOf(subject: string): Intent | undefined {
  if (FORECASTS.test(subject)) return 'forecast';
  return SELLERS_PAPERS.test(subject) ? 'supplier' : intentOf(subject);
}

/** Sentences that say plainly that something is ordered. */
export const PLAIN_ORDER =
  /(?<![\p{L}])(?:we (?:hereby |would like to |want to |wish to )?(?:order|purchase|need|require)|i (?:would like to )?order|(?:please|kindly|pls) (?:\w+ )?(?:send|deliver|ship|supply|accept|book|process|enter|dispatch|order)|(?:our|my|new|the following|this|purchase|following) orders?|bestellen|bestellung|bitte (?:\S+ ){0,5}(?:liefern|senden|schicken|buchen)|liefern sie|commandons|commander|(?:notre|nouvelle|une|la) commande|(?:veuillez|merci de) (?:\S+ )?(?:livrer|envoyer|traiter|expedier)|besteld?en|bestelling|graag (?:\S+ ){0,6}(?:leveren|ontvangen|sturen)|ordiniamo|ordinare|(?:nostro|nuovo|seguente) ordine|(?:vi preghiamo di|vogliate|prego) (?:\S+ )?(?:inviar|spedir|fornir|consegnar)|pedimos|(?:nuestro|nuevo|siguiente|este) pedido|(?:rogamos|por favor) (?:\S+ )?(?:envi|suministr|entreg|tramit)|siparis)/u;
