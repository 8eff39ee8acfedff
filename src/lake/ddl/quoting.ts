/** Returns a text within quotes, as engines read it that take two quotes within a text for one. */
export function withDoubled(quote: '"' | "'" | '`', text: string): string {
  return `${quote}${text.replaceAll(quote, quote + quote)}${quote}`;
}

/** Returns a text within quotes, as engines read it in which a backslash goes before a quote, or another backslash. */
export function withBackslashes(quote: "'" | '`', text: string): string {
  return `${quote}${text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)}${quote}`;
}
