// Where a mail's text ends and the signature begins; disclaimers of companies.
import { foldName } from './fold.ts';
import { type BodyItem, isBlank, line } from './items.ts';

/** Words of closings, without accents; a line of few words that begins with one of them closes the text. */
const CLOSINGS = [
  'kind regards|best regards|warm regards|with regards|regards|kindest regards|many regards|sincerely|yours|best wishes|cheers|cordially|respectfully|brgds|br|rgds|yours faithfully|yours sincerely|yours truly|with best regards|with kind regards|all the best',
  'mit freundlichen grussen|mit freundlichem gruss|freundliche grusse|viele grusse|beste grusse|schone grusse|liebe grusse|herzliche grusse|freundlichen gruss|mfg|vg|lg|gruss|grusse|hochachtungsvoll|besten dank und|vielen dank und|mit besten grussen|mit vielen grussen|sonnige grusse',
  'cordialement|bien cordialement|salutations|meilleures salutations|sinceres salutations|bien a vous|cdlt|cdt|respectueusement|avec nos salutations|veuillez agreer|je vous prie d.agreer|nous vous prions|dans l.attente|bonne reception|bonne journee|amicalement',
  'met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|hartelijke groet|groeten|groet|mvg|hoogachtend|met groet',
  'cordiali saluti|distinti saluti|saluti|un saluto|cordialmente|in attesa|grazie e saluti|buona giornata|buon lavoro',
  'un saludo|saludos|saludos cordiales|un cordial saludo|atentamente|cordialmente|muchas gracias y|reciba un|reciban un|gracias y saludos',
  'saygilarimla|saygilarimizla|iyi calismalar|sevgiler|saygilar|selamlar|kolay gelsin',
  'atenciosamente|com os melhores cumprimentos|cumprimentos|abracos|med vanlig halsning|med vanliga halsningar|vanliga halsningar|halsningar|mvh|venlig hilsen|med venlig hilsen|vennlig hilsen|ystavallisin terveisin|z powazaniem|pozdrawiam|s pozdravem|с уважением|udvozlettel',
]
  .join('|')
  .split('|');

/** Thanks close a text only where little follows. */
const THANKS =
  /^(?:(?:many |best |with )?thanks?(?: you)?(?: very much| so much| a lot| again| in advance)?|thx|danke(?: schon| im voraus| vorab)?|vielen dank(?: im voraus| vorab)?|besten dank(?: im voraus)?|herzlichen dank|merci(?: beaucoup| d'avance| par avance)?|avec nos remerciements|bedankt|dank u(?: wel)?|alvast bedankt|hartelijk dank|grazie(?: mille| in anticipo)?|ringraziando|gracias(?: por adelantado)?|muchas gracias|tesekkurler|tesekkur ederi[mz]|simdiden tesekkurler|obrigad[oa]|tack|tak|takk|dziekuje)\b/u;

const CLOSING = new RegExp(`^(?:${CLOSINGS.join('|')})(?![\\p{L}])`, 'u');
const DEVICE =
  /^(?:sent from|sent via|get outlook|von meinem .{1,30} gesendet|gesendet (?:von|mit)|diese nachricht wurde von meinem|envoye de(?:puis)? (?:mon|ma)|verzonden vanaf|verstuurd vanaf|inviato da(?:l mio)?|enviado desde|.{0,20}tarafindan gonderildi|skickat fran)/u;
const DISCLAIMER =
  /(?:confidential|intended (?:solely|only|recipient)|vertraulich|confidentiel|vertrouwelijk|riservat[oa]|confidencial|gizli(?:dir)?|disclaimer|unsubscribe)/u;
const DISCLAIMER_START =
  /^(?:this (?:e-?mail|message|communication)|the information (?:contained|in this)|confidentiality|disclaimer|diese (?:e-?mail|nachricht)|ce (?:message|courriel|mail|e-?mail)|dit (?:bericht|e-?mail)|deze e-?mail|questo (?:messaggio|e-?mail)|questa e-?mail|este (?:mensaje|correo)|bu e-?posta|bu mesaj|please consider the environment|think before you print)/u;

/** A line that is nothing but a closing formula, or begins with one and is short. */
export function isClosing(text: string): boolean {
  const folded = foldName(text).replace(/^[\s*_]+/, '');
  if (!folded || folded.length > 90 || /[:：]\s*\S/.test(folded)) return false;
  if (folded.split(' ').length > 12) return false;
  return CLOSING.test(folded) && !/\d/.test(folded);
}

function isThanks(text: string): boolean {
  const folded = foldName(text).replace(/^[\s*_]+/, '');
  return THANKS.test(folded) && folded.split(' ').length <= 6 && !/\d/.test(folded);
}

/** Parts between bars, one of them a phone number, an address of mail or of the web. */
function isContactLine(text: string): boolean {
  const parts = text.split(/\s[|•·]\s/);
  return (
    parts.length > 2 &&
    !/^\||\|$/.test(text) &&
    parts.some((part) =>
      /^(?:\p{L}{1,8}[.:]* *)?(?:\+\d[\d ()/.-]{6,}|\(?0\d[\d ()/.-]{5,}|\d{3}-\d{3,4}(?:-\d{4})?)$|^\S+@\S+$|^(?:https?:\/\/|www\.)\S+$/u.test(
        part.trim(),
      ),
    )
  );
}

/** Cuts the signature and what stands below it. `looksLikeOrder` keeps lines that are clearly no signature. */
export function withoutSignature(
  items: readonly BodyItem[],
  looksLikeOrder: (items: readonly BodyItem[]) => boolean,
): BodyItem[] {
  const kept: BodyItem[] = [];
  /** Something stands above: a closing closes something. */
  let wrote = false;
  for (const [at, item] of items.entries()) {
    if (item.kind === 'line') {
      const text = item.text.trim();
      const folded = foldName(text);
      if (text === '--' || text === '—') {
        // With its blank it is the mark of signatures (RFC 3676); without, people draw lines with it.
        if (item.text === '-- ' || !(text === '--' && looksLikeOrder(items.slice(at + 1)))) break;
        kept.push(line('----------'));
        continue;
      }
      if (wrote) {
        if (isClosing(text)) break;
        if (isThanks(text) && !looksLikeOrder(items.slice(at + 1))) break;
      }
      if (DEVICE.test(folded)) continue;
      // Logo and contact line of a company, whatever it counts: `[cid:logo.png]`, `Moorland | 555-0100 | 2 offices`.
      if (wrote && (/^\[cid:[^\]]+\]$/.test(folded) || isContactLine(text))) continue;
      if (DISCLAIMER_START.test(folded.replace(/^[\s*_=-]+/, '')) && DISCLAIMER.test(folded)) break;
    }
    wrote ||= !isBlank(item);
    kept.push(item);
  }
  return kept;
}
