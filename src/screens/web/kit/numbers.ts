// Numbers of one column, with as many decimals as the longest of them, so that their points stand below each other.
const MOST_DECIMALS = 3;

/** @example const text = alignedNumbers([1.5, 12], 'en'); text(12) // '12.0' */
export function alignedNumbers(values: readonly number[], locale: string): (value: number) => string {
  const decimals = values.reduce((most, value) => Math.max(most, decimalsOf(value)), 0);
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return (value) => format.format(value);
}

function decimalsOf(value: number): number {
  const text = value.toFixed(MOST_DECIMALS).replace(/\.?0+$/, '');
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}
