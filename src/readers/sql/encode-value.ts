import { csvCell } from '../../lib/csv.ts';

/** What JSON may write otherwise than it is: all but these, which begin with the space and leave out `"`, `\` and surrogates. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** A value as the driver gives it, with exact integers. */
export type SqlCell = string | number | bigint | Uint8Array | null;

/**
 * A value as JSON text. Integers have all their digits; a REAL always shows as one (1.0); infinity is a number that every
 * parser takes for it; a BLOB is its bytes in lower-case hexadecimal.
 */
export function jsonOf(value: SqlCell): string {
  if (typeof value === 'string') return ESCAPED.test(value) ? JSON.stringify(value) : `"${value}"`;
  return value === null ? 'null' : typeof value === 'object' ? `"${hexOf(value)}"` : numberOf(value);
}

/** A value as a cell of CSV, as lib/csv.ts says; numbers and bytes as in JSON. */
export function csvOf(value: SqlCell, isRaw: boolean): string {
  if (typeof value === 'string') return csvCell(value, isRaw);
  return value === null ? '' : typeof value === 'object' ? hexOf(value) : numberOf(value);
}

function numberOf(value: number | bigint): string {
  if (typeof value === 'bigint') return String(value);
  if (!Number.isFinite(value)) return value > 0 ? '9e999' : '-9e999';
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
