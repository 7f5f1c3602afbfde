// Mails that a program answers with: vacations, receipts, tickets (RFC 3834 and what came before it).
import { header, type Mail } from '../mail.ts';
import { foldName } from '../text/fold.ts';

/** The word of a header's value, without parameters and comments. */
function word(value: string | undefined): string {
  return (value ?? '')
    .replace(/[;(].*$/s, '')
    .trim()
    .toLowerCase();
}

export function isAutoReply(mail: Mail): boolean {
  const submitted = mail.headers.get('auto-submitted') ?? [];
  if (submitted.some((value) => word(value) !== 'no' && word(value) !== '')) return true;
  for (const name of ['x-autoreply', 'x-autorespond', 'x-autoresponse', 'x-autoreply-from']) {
    const value = header(mail, name);
    if (value !== undefined && !['no', 'false', '0'].includes(word(value))) return true;
  }
  const suppress = header(mail, 'x-auto-response-suppress');
  if (suppress !== undefined && !['', 'none'].includes(word(suppress))) return true;
  return (mail.headers.get('precedence') ?? []).some((value) => /^auto[_-]?reply$/.test(word(value)));
}

/** What mail programs put first in the subject; the same words elsewhere mean nothing. */
const SUBJECTS =
  /^(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response|answer)|auto|autoreply|out of (?:the )?office(?: (?:auto ?reply|reply|notice|message|notification))?|ooo|vacation(?: reply| message| notice)?|away from (?:the )?office|automatische antwort|automatische abwesenheitsmeldung|abwesenheitsnotiz|abwesenheitsmeldung|abwesenheitsbenachrichtigung|abwesend|reponse automatique|message d'absence|absence du bureau|notification d'absence|automatisch antwoord|automatische reactie|afwezigheidsbericht|afwezig|niet aanwezig|risposta automatica|fuori sede|fuori ufficio|assenza dall'ufficio|respuesta automatica|fuera de (?:la )?oficina|ausente|otomatik (?:yanit|cevap)|ofis disinda|ofis disi|resposta automatica|ausencia temporaria|autosvar|automatiskt svar|automatisk svar|franvaromeddelande|automaattinen vastaus|automaticka odpoved|odpowiedz automatyczna|automatikus valasz|автоматический ответ|自動応答|自动回复|自动答复|자동 회신)\s*(?:[:：]|-\s|$)/u;

export function hasAutoReplySubject(mail: Mail): boolean {
  return SUBJECTS.test(foldName(mail.subject));
}
