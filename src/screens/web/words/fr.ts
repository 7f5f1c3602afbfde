// French, by the English texts of the screens.

export const fr: Readonly<Record<string, string>> = {};
