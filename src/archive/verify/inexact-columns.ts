import type { Database } from 'better-sqlite3';

/** The character that replaces bytes that are not UTF-8, and the bytes of that character itself. */
const REPLACEMENT = '\ufffd';

/** Whether a text may have been read from other bytes than its UTF-8. */
export function isAmbiguous(text: string): boolean {
  return text.includes(REPLACEMENT);
}

/** Whether columns that fit this state may have been read from other bytes than their UTF-8. */
export function mayBeInexact(state: string): boolean {
  // Half a surrogate pair is an escape sequence in the state, but U+FFFD in a column.
  return isAmbiguous(state) || state.includes('\\ud');
}

/**
 * The columns of a row whose bytes differ from the UTF-8 of the text that SQLite returns for them. The names of table
 * and columns come from code, never from input. If no row has this key, the key itself has such bytes.
 */
export function inexactColumns(sqlite: Database, table: string, key: Readonly<Record<string, unknown>>): string[] {
  const where = Object.keys(key).map((column) => `${column} IS :${column}`);
  const from = `FROM main.${table} WHERE ${where.join(' AND ')}`;
  const row = sqlite.prepare<[object], Record<string, unknown>>(`SELECT * ${from}`).get(key);
  if (!row) return Object.keys(key);
  return Object.entries(row)
    .filter(([column, value]) => {
      if (typeof value !== 'string' || !isAmbiguous(value)) return false;
      const bytes = sqlite.prepare<[object], Buffer>(`SELECT CAST(${column} AS BLOB) ${from}`).pluck().get(key);
      return !bytes?.equals(Buffer.from(value));
    })
    .map(([column]) => column);
}
