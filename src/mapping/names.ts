// Names by which frePPLe knows a record (connector.md 2.2 "Identity"): at most 300 characters, ids at the end kept.

export const NAME_LENGTH = 300;

/** A name cut to what frePPLe stores. */
export function cut(name: string, length = NAME_LENGTH): string {
  if (name.length <= length) return name;
  // A surrogate pair is not torn apart.
  const end = /[\uD800-\uDBFF]/.test(name.charAt(length - 1)) ? length - 1 : length;
  return name.slice(0, end);
}

/** `name` + `suffix`, the name cut so that the suffix with the id survives. */
export function withSuffix(name: string, suffix: string): string {
  return cut(name, NAME_LENGTH - suffix.length) + suffix;
}
