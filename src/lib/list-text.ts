import { type CsvForm, csvLine, csvLines } from './csv/csv.ts';
import { type Lines, NDJSON_LINES } from './text/line-writer.ts';

/** Writes a list as text, one line per item. */
export interface ListText extends Lines {
  lineOf(item: object): string;
}

/**
 * Returns how to write a list as text. NDJSON has whole items. CSV has a header, and only these members of each item;
 * objects and lists in them are written as JSON.
 */
export function listText(
  { format, csvForm }: { format: 'csv' | 'ndjson'; csvForm: CsvForm },
  columns: readonly string[],
): ListText {
  if (format === 'ndjson') return { ...NDJSON_LINES, lineOf: (item) => JSON.stringify(item) };
  const lineOf = (item: object) => {
    const members = new Map(Object.entries(item));
    return csvLine(
      columns.map((column) => members.get(column)),
      csvForm,
    );
  };
  return { ...csvLines(columns, csvForm), lineOf };
}

/** Returns the lines of some items, with their line ends. */
export function linesOf({ lineOf, end }: ListText, items: readonly object[]): string {
  return items.map((item) => lineOf(item) + end).join('');
}

/** Returns the header line with its line end; empty if the format has no header. */
export function headOf({ head, end }: ListText): string {
  return head === undefined ? '' : head + end;
}
