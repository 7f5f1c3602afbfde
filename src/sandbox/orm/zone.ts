// Wall clocks: a zone's offset at an instant, and the instant of a wall clock kept as if it were UTC.

const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds that the wall clock is ahead of UTC. */
export function offsetAt(instant: number, zone: string): number {
  if (zone === 'UTC') return 0;
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(zone, format);
  }
  return Date.parse(`${format.format(instant).replace(' ', 'T')}Z`) - Math.floor(instant / 1000) * 1000;
}

export function toUtc(wall: Date, zone: string): Date {
  const guess = wall.getTime() - offsetAt(wall.getTime(), zone);
  return new Date(wall.getTime() - offsetAt(guess, zone));
}
