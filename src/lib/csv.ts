/** A cell that a spreadsheet would run as a formula begins with one of these, whatever quotes stand around it. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const QUOTED = /[",\r\n]/;

export type CsvValue = string | number | boolean | null | undefined | object;

/**
 * A line of RFC 4180 without its end. Null and undefined are empty cells, "" a quoted one; objects stand as JSON. Text
 * that a spreadsheet would run as a formula gets an apostrophe in front, unless `isRaw`.
 */
export function csvLine(values: readonly CsvValue[], isRaw: boolean): string {
  return values.map((value) => csvCell(value, isRaw)).join(',');
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

/**
 * Whether a line of cells joined with commas is as it stands what csvLine gives for that many. A cell that begins with a
 * quote must be one that was quoted as csvLine does. One look at each character: most lines are plain, and testing cell
 * by cell costs more than the line itself.
 */
export function isPlainCsvLine(line: string, cells: number): boolean {
  let commas = 0;
  let isStart = true;
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    // Nearly all characters lie beyond the comma, and only the first of a cell says anything then.
    if (code > COMMA && !isStart) continue;
    if (code === COMMA) {
      commas += 1;
      isStart = true;
      continue;
    }
    if (code === QUOTE && isStart) {
      i = endOfQuoted(line, i);
      if (i >= line.length || (i + 1 < line.length && line.charCodeAt(i + 1) !== COMMA)) return false;
    } else if (code === QUOTE || code === 0x0d || code === 0x0a || (isStart && isFormulaStart(code))) {
      return false;
    }
    isStart = false;
  }
  return commas === cells - 1;
}

/** Where the cell's closing quote stands; beyond the line where there is none. */
function endOfQuoted(line: string, start: number): number {
  for (let i = start + 1; i < line.length; i++) {
    if (line.charCodeAt(i) !== QUOTE) continue;
    if (line.charCodeAt(i + 1) !== QUOTE) return i;
    i += 1;
  }
  return line.length;
}

const QUOTE = 0x22;
const COMMA = 0x2c;

function isFormulaStart(code: number): boolean {
  return code === 0x3d || code === 0x2b || code === 0x2d || code === 0x40 || code === 0x09 || code >= 0xff00;
}
