// SQL's LIKE for the `like` family: `%` any text, `_` one character, backslash takes the next one literally.

export function likePattern(value: unknown, operator: string): RegExp {
  const text = value === false || value === null || value === undefined ? '' : String(value);
  const wildcard = operator.startsWith('=') ? text : `%${text}%`;
  const insensitive = operator.includes('ilike');
  let source = '^';
  for (let i = 0; i < wildcard.length; i++) {
    let char = wildcard[i]!;
    if (char === '%') source += '[\\s\\S]*';
    else if (char === '_') source += '[\\s\\S]';
    else {
      if (char === '\\' && i + 1 < wildcard.length) char = wildcard[++i]!;
      source += char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    }
  }
  return new RegExp(`${source}$`, insensitive ? 'iu' : 'u');
}
