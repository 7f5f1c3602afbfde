// A mail as it came, as text only: what a stranger wrote never becomes part of our page. Lines that the order was read from are marked.
import { useMemo } from 'react';
import { download } from '../kit/api.ts';
import { Badge, Empty, sayError } from '../kit/ui.tsx';
import { instantText, numberText, t } from '../kit/words.ts';
import { type Line, type PartMail, spaced } from './mail-words.ts';

export interface OriginalProps {
  conversation: number;
  part: PartMail;
  lines: readonly Line[];
  /** Line of the order that is looked at. */
  chosen: number | null;
}

export function OriginalMail({ conversation, part: { mail, role, at, original }, lines, chosen }: OriginalProps) {
  const rows = useMemo(
    () =>
      original?.text
        .replace(/\n{4,}/g, '\n\n\n')
        .trimEnd()
        .split('\n') ?? [],
    [original],
  );
  const marks = useMemo(() => placesOf(rows, lines), [rows, lines]);
  const save = () =>
    download(`/api/mail/conversations/${conversation}/mails/${mail}/original`, `mail-${mail}.eml`).catch(sayError);
  return (
    <article className="card" aria-label={t('Mail {number}', { number: String(mail) })}>
      <div className="row">
        <h2>{original?.subject || t('Without subject')}</h2>
        <Badge>{t(spaced(role))}</Badge>
        <span style={{ flex: 1 }} />
        <button type="button" className="button" onClick={() => void save()}>
          {t('Download the original')}
        </button>
      </div>
      {original ? (
        <>
          <p className="soft">
            {original.from?.name} {original.from?.email} · {instantText(original.date ?? at)}
            {original.hasHtml && ` · ${t('HTML, shown as text')}`}
          </p>
          {original.refused && <p className="problem">{original.refused}</p>}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
          <pre className="log mail" tabIndex={0}>
            {rows.map((row, index) => {
              const of = marks.get(index);
              const key = `${index} ${row.length}`;
              return of === undefined ? (
                <span key={key}>{`${row}\n`}</span>
              ) : (
                <mark key={key} className={of === chosen ? 'chosen' : ''} title={t('Line {number}', { number: of })}>
                  {`${row}\n`}
                </mark>
              );
            })}
          </pre>
          {original.attachments.length > 0 && (
            <ul className="files">
              {original.attachments.map(({ name, type, bytes }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: names may come twice, and the list never changes
                <li key={index}>
                  {name || t('Without name')} <span className="soft">{`${type} · ${numberText(bytes)} B`}</span>
                </li>
              ))}
            </ul>
          )}
        </>
      ) : (
        <Empty title={t('The original is no longer kept.')} />
      )}
    </article>
  );
}

/** A block of keys has about so many lines. */
const BLOCK = 8;

/** Rows of the text -> lines of the order that were read there: where the reader says so, and where the product is named. */
export function placesOf(rows: readonly string[], lines: readonly Line[]): Map<number, number> {
  const found = new Map<number, number>();
  const folded = rows.map((row) => row.toLowerCase());
  for (const { line, place, written } of lines) {
    const named = written?.toLowerCase().trim() ?? '';
    const holds = (row: string | undefined) => named !== '' && row !== undefined && wordIn(row, named);
    const [, first] = /^line (\d+)$/.exec(place ?? '') ?? [];
    const [, paragraph] = /^paragraph (\d+)$/.exec(place ?? '') ?? [];
    if (first !== undefined) {
      const from = Number(first) - 1;
      const to = blockEnd(rows, from);
      if (folded.slice(from, to).some(holds)) {
        for (let at = from; at < to; at++) if (rows[at]!.trim()) found.set(at, line);
        continue;
      }
    }
    const within = paragraph === undefined ? null : paragraphAt(rows, Number(paragraph));
    const hits = folded.flatMap((row, at) => (holds(row) && !found.has(at) ? [at] : []));
    const inside = within && hits.filter((at) => at >= within[0] && at < within[1]);
    for (const at of (inside && inside.length > 0 ? inside : hits).slice(0, 1)) found.set(at, line);
  }
  return found;
}

function wordIn(row: string, word: string): boolean {
  const at = row.indexOf(word);
  if (at < 0) return false;
  const around = `${row[at - 1] ?? ' '}${row[at + word.length] ?? ' '}`;
  return word.length > 4 || !/[\p{L}\p{N}]/u.test(around);
}

function blockEnd(rows: readonly string[], from: number): number {
  let to = from;
  while (to < rows.length && to < from + BLOCK && rows[to]!.trim() !== '') to++;
  return to;
}

function paragraphAt(rows: readonly string[], wanted: number): [number, number] {
  let number = 1;
  let from = 0;
  for (const [at, row] of rows.entries()) {
    if (row.trim() !== '' || at === 0 || rows[at - 1]!.trim() === '') continue;
    if (number === wanted) return [from, at];
    number++;
    from = at + 1;
  }
  return [from, rows.length];
}
