import { visibleText } from '../../lib/text/visible-text.ts';
import { type TableBlocks, tableBlocks } from './table-blocks.ts';

/** A count with commas between thousands: 1,234,567. */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** A size in the largest binary unit in which it is at least one: 1.4 GiB. */
export function bytes(n: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, n < 1 ? 0 : Math.floor(Math.log2(n) / 10));
  return `${(n / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** A duration in its two largest units: 2h 05m, 1m 20s, 4s. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const pad = (n: number) => String(n).padStart(2, '0');
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h ${pad(Math.floor(seconds / 60) % 60)}m`;
  return `${Math.floor(seconds / 86_400)}d ${pad(Math.floor(seconds / 3600) % 24)}h`;
}

/** A count with its noun: "1 gap", "3 gaps". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/**
 * The lines of a table: columns padded to their widest cell, numbers aligned to the right. Nothing is cut: a row that
 * is wider than the terminal takes more lines.
 */
export function table(header: string[], rows: (string | number)[][], width = Number.POSITIVE_INFINITY): string[] {
  const blocks = tableOf(header, rows, width);
  return [...blocks.header, ...blocks.rows.flat()];
}

/** The same table, with an array of lines for each row. */
export function tableOf(header: string[], rows: (string | number)[][], width: number): TableBlocks {
  const columns = header.map((title, i) => ({
    title,
    isRight: rows.length > 0 && rows.every((row) => typeof row[i] === 'number'),
    cells: rows.map((row) => {
      const cell = row[i] ?? '';
      return typeof cell === 'number' ? count(cell) : oneLine(cell);
    }),
  }));
  return tableBlocks(columns, width);
}

/** The text with invisible characters as escapes, in at most `width` characters. If it was cut, it ends with a mark. */
export function cutTo(text: string, width: number): string {
  const seen = visibleText(text);
  if (seen.length <= width) return seen;
  // Never cuts within a surrogate pair: half of a pair would become an escape, which is too wide.
  return `${seen.slice(0, Math.max(1, width - 1)).replace(/[\ud800-\udbff]$/, '')}…`;
}

function oneLine(text: string): string {
  return visibleText(text.replace(/\s+/g, ' '));
}
