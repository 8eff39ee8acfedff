/** A cell that a spreadsheet would run as a formula begins with one of these, whatever quotes stand around it. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/** What stands otherwise than it is: such a cell, or one that needs quotes. One look: most cells are plain. */
const NOT_PLAIN = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|[",\r\n]/;
const QUOTED = /[",\r\n]/;

export type CsvValue = string | number | boolean | null | undefined | object;

/**
 * A line of RFC 4180 without its end. Null and undefined are empty cells, "" a quoted one; objects stand as JSON. Text
 * that a spreadsheet would run as a formula gets an apostrophe in front, unless `isRaw`.
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
  const isFormula = !isRaw && FORMULA.test(text);
  if (text !== '' && !isFormula && !QUOTED.test(text)) return text;
  return `"${isFormula ? "'" : ''}${text.replaceAll('"', '""')}"`;
}
