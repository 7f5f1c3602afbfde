// Lines and sentences of a length that can be searched in no time; nobody writes longer ones.
const LONGEST = 2000;

/** Cuts at a blank near the limit, or at the limit where there is none. */
export function piecesOf(text: string, longest = LONGEST): string[] {
  if (text.length <= longest) return [text];
  const pieces: string[] = [];
  let at = 0;
  while (at < text.length) {
    const end = at + longest;
    const blank = end < text.length ? text.lastIndexOf(' ', end) : text.length;
    const stop = blank > at + longest / 2 ? blank : Math.min(end, text.length);
    pieces.push(text.slice(at, stop));
    at = stop;
  }
  return pieces;
}
