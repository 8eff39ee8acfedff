/** A cell that a spreadsheet would run as a formula begins with one of these, whatever quotes stand around it. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/**
 * Where a cell of its own begins for a spreadsheet that splits at a semicolon or a tab: to it the quotes of ours are in the midst of a
 * cell, and hold neither these nor line ends together. Quotes that follow are those that it takes away.
 */
const INNER_FORMULA = /[;\t\r\n]"*(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
/** What stands otherwise than it is: such a cell, or one that needs quotes. One look: most cells are plain. */
const NOT_PLAIN = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|[",\r\n]|[;\t][=+\-@\uff1d\uff0b\uff0d\uff20]/;
const QUOTED = /[",\r\n]/;

export type CsvValue = string | number | boolean | null | undefined | object;

/**
 * A line of RFC 4180 without its end. Null and undefined are empty cells, "" a quoted one; objects stand as JSON. Text
 * that a spreadsheet would run as a formula gets an apostrophe in front, and so does what within a text would be a cell of
 * its own to one that splits at a semicolon or a tab, unless `isRaw`.
 */
export function csvLine(values: readonly CsvValue[], isRaw: boolean): string {
  let line = '';
  for (let i = 0; i < values.length; i++) {
    if (i > 0) line += ',';
    const value = values[i];
    if (value === null || value === undefined) continue;
    line += typeof value === 'string' && value !== '' && !NOT_PLAIN.test(value) ? value : csvCell(value, isRaw);
  }
  return line;
}

export const CSV_LINE_END = '\r\n';

/** One cell of such a line. */
export function csvCell(value: CsvValue, isRaw: boolean): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const guarded = isRaw ? text : guardedText(text);
  if (text !== '' && guarded === text && !QUOTED.test(text)) return text;
  return `"${guarded.replaceAll('"', '""')}"`;
}

function guardedText(text: string): string {
  return `${FORMULA.test(text) ? "'" : ''}${text.replace(INNER_FORMULA, "$&'")}`;
}
