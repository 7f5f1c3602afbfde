// What a browser remembers for its user; browsers that keep nothing in frames just forget it.

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`planbridge.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`planbridge.${name}`);
    else localStorage.setItem(`planbridge.${name}`, value);
  } catch {
    // Not kept then.
  }
}
