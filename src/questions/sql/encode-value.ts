import { type CsvForm, csvCell } from '../../lib/csv/csv.ts';

/** Matches a character that may need an escape in JSON: controls before the space, `"`, `\` and surrogates. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** The smallest integer that has more digits than a spreadsheet keeps. */
const MOST_DIGITS = 10n ** 15n;

/** A value as the driver returns it. Integers are exact. */
export type SqlCell = string | number | bigint | Uint8Array | null;

/**
 * Returns a value as JSON text. Integers keep all digits. A REAL always has a fraction or an exponent (1.0). Infinity
 * is written as a number that every parser reads as infinity. A BLOB is written as its bytes in lower-case hexadecimal.
 */
export function jsonOf(value: SqlCell): string {
  if (typeof value === 'string') return ESCAPED.test(value) ? JSON.stringify(value) : `"${value}"`;
  return value === null ? 'null' : typeof value === 'object' ? `"${hexOf(value)}"` : numberOf(value);
}

/** Returns a value as a cell of CSV, as lib/csv/csv.ts writes cells. Numbers and bytes are written as in JSON. */
export function csvOf(value: SqlCell | undefined, form: CsvForm): string {
  if (typeof value === 'string') return csvCell(value, form);
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? hexOf(value) : numberOf(value);
  // A spreadsheet would read some bytes as a number, and would keep only 15 digits of a longer number.
  const isAsText = form === 'spreadsheet' && (typeof value === 'object' || !isExactInSpreadsheet(value));
  return isAsText ? csvCell(text, form) : text;
}

/** For a REAL, the full text loses nothing: a spreadsheet shows as many digits of a fraction as fit in the cell. */
function isExactInSpreadsheet(value: number | bigint): boolean {
  return typeof value === 'bigint' ? value < MOST_DIGITS && value > -MOST_DIGITS : Number.isFinite(value);
}

function numberOf(value: number | bigint): string {
  if (typeof value === 'bigint') return String(value);
  if (!Number.isFinite(value)) return value > 0 ? '9e999' : '-9e999';
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
