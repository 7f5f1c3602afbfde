// Bytes of a mail before the parser sees them: heads that lost their first lines, and limits on what is parsed at all.

export interface MailLimits {
  bytes: number;
  parts: number;
  headBytes: number;
  /** Characters of text or HTML that are read. */
  textLength: number;
  milliseconds: number;
}

export const MAIL_LIMITS: MailLimits = {
  bytes: 30_000_000,
  parts: 300,
  headBytes: 1_000_000,
  textLength: 200_000,
  milliseconds: 20_000,
};

const FIELD = /^[!-9;-~]+[ \t]*:/;

/**
 * Drops what stands before the first header field: blank lines, an mbox mark, the rest of a folded line. FakeSMTP writes files
 * without the first lines that it got. Bytes that hold no header field near their beginning are left alone.
 */
export function repairHead(raw: Buffer): Buffer {
  let at = 0;
  for (let line = 0; line < 20 && at < raw.length; line++) {
    const end = raw.indexOf(0x0a, at);
    const stop = end < 0 ? raw.length : end;
    const text = raw.subarray(at, Math.min(stop, at + 1000)).toString('latin1');
    if (FIELD.test(text)) return at === 0 ? raw : raw.subarray(at);
    at = stop + 1;
  }
  return raw;
}

/** Number of parts that the mail's own boundaries part, nested ones included. Counting stops at `most`. */
export function countParts(raw: Buffer, most: number): number {
  const boundaries = new Set<string>();
  let count = 0;
  for (let at = raw.indexOf('boundary', 0, 'latin1'); at >= 0; at = raw.indexOf('boundary', at + 8, 'latin1')) {
    const text = raw.subarray(at, at + 200).toString('latin1');
    const name = /^boundary\s*=\s*(?:"([^"\r\n]{1,100})"|([^\s;"]{1,100}))/.exec(text);
    if (name) boundaries.add((name[1] ?? name[2])!.trim());
    if (boundaries.size > most) return boundaries.size;
  }
  if (boundaries.size === 0) return 1;
  for (let at = raw.indexOf('\n--'); at >= 0 && count <= most; at = raw.indexOf('\n--', at + 3)) {
    const end = raw.indexOf(0x0a, at + 1);
    const text = raw.subarray(at + 3, Math.min(end < 0 ? raw.length : end, at + 120)).toString('latin1');
    if (boundaries.has(text.trim())) count++;
  }
  return count;
}
