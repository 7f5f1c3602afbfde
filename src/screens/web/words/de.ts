// German, by the English texts of the screens.

export const de: Readonly<Record<string, string>> = {};
