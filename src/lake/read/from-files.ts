/**
 * Returns the FROM of a query over files of one table. Columns are found by their names: files of an older schema lack
 * some, which are NULL then.
 */
export function fromFiles(paths: readonly string[]): string {
  return `read_parquet([${paths.map(quoted).join(', ')}], union_by_name = ${paths.length > 1})`;
}

/** Returns a text as a literal of SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
