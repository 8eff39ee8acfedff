/**
 * The parts of a text of DuckDB's SQL in which a colon is not that of a parameter: strings, quoted names, comments, casts
 * (::), arguments by name (:=). Last a parameter as SQLite writes it, and one as DuckDB does.
 */
const TOKENS =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|::|:=|(?<![\w"')\]]):([A-Za-z_]\w*)|\$([A-Za-z_]\w*)/g;

/**
 * Returns the text with DuckDB's form of parameters ($name) instead of SQLite's (:name), so that both are understood. The
 * length stays the same, and with it each position.
 */
export function withDollars(sql: string): string {
  return sql.replaceAll(TOKENS, (token, _quote: string | undefined, name: string | undefined) =>
    name === undefined ? token : `$${name}`,
  );
}

/** Returns the names of a text's parameters, without their signs. */
export function lakeParameters(sql: string): string[] {
  const names = [...sql.matchAll(TOKENS)].map(([, , colon, dollar]) => colon ?? dollar);
  return [...new Set(names.filter((name) => name !== undefined))];
}
