import type { Lines } from '../text/line-writer.ts';
import { spreadsheetText } from './spreadsheet-text.ts';

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

const LINE_END = '\r\n';

/** A file of RFC 4180: its header with the start mark, and what each of its lines ends with. */
export function csvLines(columns: readonly string[], form: CsvForm): Lines {
  return { head: CSV_START[form] + csvLine(columns, form), end: LINE_END };
}

/** A line of such a file without its end. Null and undefined are empty cells, "" a quoted one; objects stand as JSON. */
export function csvLine(values: readonly CsvValue[], form: CsvForm): string {
  return csvLineBy<CsvValue>(csvCell, values, form);
}

/** The same of values that `cellOf` makes cells of. */
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

/** One cell of such a line. */
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
