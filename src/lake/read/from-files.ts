/**
 * Returns the FROM of a query over files of one table. Columns are found by their names: files of an older schema lack
 * some, which are NULL then.
 */
export function fromFiles(paths: readonly string[]): string {
  return `read_parquet([${paths.map(quoted).join(', ')}], union_by_name = ${paths.length > 1}, hive_partitioning = false)`;
}

/**
 * Returns a text as a literal of SQL. Values stand in the text of a query, because DuckDB compares only those with a
 * file's bloom filters. A NUL would end the text.
 */
export function quoted(text: string): string {
  return text
    .split('\0')
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(' || chr(0) || ');
}

/** Returns a value as a literal of SQL. */
export function literal(value: string | number): string {
  return typeof value === 'number' ? String(Math.trunc(value)) : `(${quoted(value)})`;
}
