import { spreadsheetText } from './csv/spreadsheet-text.ts';

/** A cell that a spreadsheet would run as a formula begins with one of these, whatever quotes stand around it. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/**
 * Where a cell of its own begins for a spreadsheet that splits at a semicolon or a tab: to it the quotes of ours are in the midst of a
 * cell, and hold neither these nor line ends together. Quotes that follow are those that it takes away.
 */
const INNER_FORMULA = /[;\t\r\n]"*(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
/** A cell that is written differently from its text: such a formula, or one that needs quotes. One test, since most cells are plain. */
const NOT_PLAIN = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|[",\r\n]|[;\t][=+\-@\uff1d\uff0b\uff0d\uff20]/;
const QUOTED = /[",\r\n]/;

export type CsvValue = string | number | boolean | null | undefined | object;

/**
 * Who reads a file. `raw` has each cell as it is, for programs. `safe` has an apostrophe before text that a spreadsheet would run as a
 * formula, and before what within a text would be a cell of its own to one that splits at a semicolon or a tab. `spreadsheet` is for
 * people's eyes: a text that a spreadsheet would change is written so that the spreadsheet keeps it; no program can read all of it back.
 */
export type CsvForm = 'safe' | 'raw' | 'spreadsheet';

/** What a file begins with. Excel takes UTF-8 without this mark for the code page of its machine. */
export const CSV_START: Readonly<Record<CsvForm, string>> = { safe: '', raw: '', spreadsheet: '\ufeff' };

/** A line of RFC 4180 without its end. Null and undefined are empty cells, "" a quoted one; objects stand as JSON. */
export function csvLine(values: readonly CsvValue[], form: CsvForm): string {
  if (form === 'spreadsheet') return values.map((value) => csvCell(value, form)).join(',');
  let line = '';
  for (let i = 0; i < values.length; i++) {
    if (i > 0) line += ',';
    const value = values[i];
    if (value === null || value === undefined) continue;
    line += typeof value === 'string' && value !== '' && !NOT_PLAIN.test(value) ? value : csvCell(value, form);
  }
  return line;
}

export const CSV_LINE_END = '\r\n';

/** One cell of such a line. */
export function csvCell(value: CsvValue, form: CsvForm): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const written = form === 'safe' ? guardedText(text) : form === 'raw' ? text : spreadsheetText(text, guardedText);
  if (text !== '' && written === text && !QUOTED.test(text)) return text;
  return `"${written.replaceAll('"', '""')}"`;
}

function guardedText(text: string): string {
  if (!NOT_PLAIN.test(text)) return text;
  return `${FORMULA.test(text) ? "'" : ''}${text.replace(INNER_FORMULA, "$&'")}`;
}
