import type { Lines } from '../text/line-writer.ts';
import { spreadsheetText } from './spreadsheet-text.ts';

/** A spreadsheet runs a cell as a formula if it begins with one of these, even inside quotes. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/**
 * Matches where a spreadsheet that splits at semicolons or tabs would begin a new cell with a formula. For such a
 * spreadsheet our quotes are in the middle of a cell, so it splits within them too. It ignores quotes that directly
 * follow a separator.
 */
const INNER_FORMULA = /[;\t\r\n]"*(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
/**
 * Matches a cell that can't be written unchanged: a formula, or text that needs quotes. Most cells don't match, so this
 * one test saves time.
 */
const NOT_PLAIN = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|[",\r\n]|[;\t][=+\-@\uff1d\uff0b\uff0d\uff20]/;
const QUOTED = /[",\r\n]/;

export type CsvValue = string | number | boolean | null | undefined | object;

/**
 * For whom the file is written. `raw` is for programs: each cell is unchanged. `safe` adds an apostrophe before text
 * that a spreadsheet would run as a formula, even after a semicolon or tab at which a spreadsheet may split the text.
 * `spreadsheet` is for people: a text that a spreadsheet would change is written so that it is shown unchanged. A
 * program can't always restore the original text from it.
 */
export type CsvForm = 'safe' | 'raw' | 'spreadsheet';

/**
 * What each form of file begins with: nothing, or a byte order mark. Without the mark, Excel reads UTF-8 as the code
 * page of its machine.
 */
export const CSV_START: Readonly<Record<CsvForm, string>> = { safe: '', raw: '', spreadsheet: '\ufeff' };

const LINE_END = '\r\n';

/** Returns the header of an RFC 4180 file, after the byte order mark if the form has one, and the line end. */
export function csvLines(columns: readonly string[], form: CsvForm): Lines {
  return { head: CSV_START[form] + csvLine(columns, form), end: LINE_END };
}

/**
 * Returns a line without its line end. Null and undefined become empty cells, an empty text becomes `""`, and objects
 * become JSON.
 */
export function csvLine(values: readonly CsvValue[], form: CsvForm): string {
  return csvLineBy<CsvValue>(csvCell, values, form);
}

/** Like csvLine, for values that `cellOf` turns into cells. */
export function csvLineBy<Value>(
  cellOf: (value: Value | undefined, form: CsvForm) => string,
  values: readonly Value[],
  form: CsvForm,
): string {
  let line = '';
  for (let i = 0; i < values.length; i++) {
    if (i > 0) line += ',';
    line += cellOf(values[i], form);
  }
  return line;
}

/** Returns one cell of a line. */
export function csvCell(value: CsvValue, form: CsvForm): string {
  if (typeof value === 'string') return textCell(value, form);
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? textCell(JSON.stringify(value), form) : String(value);
}

function textCell(text: string, form: CsvForm): string {
  if (form === 'spreadsheet') {
    const shown = spreadsheetText(text, guardedText);
    return text !== '' && shown === text && !QUOTED.test(text) ? text : quoted(shown);
  }
  const isPlain = text !== '' && !(form === 'safe' ? NOT_PLAIN : QUOTED).test(text);
  return isPlain ? text : quoted(form === 'safe' ? guardedText(text) : text);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function guardedText(text: string): string {
  if (!NOT_PLAIN.test(text)) return text;
  return `${FORMULA.test(text) ? "'" : ''}${text.replace(INNER_FORMULA, "$&'")}`;
}
