import { type CsvForm, csvLine, csvLines } from './csv/csv.ts';
import { type Lines, NDJSON_LINES } from './text/line-writer.ts';

/** A list that is read whole, as text: a line for each item. */
export interface ListText extends Lines {
  lineOf(item: object): string;
}

/**
 * The text of a list: NDJSON has each item as it is; CSV has these members of it, after a header that names them. A member that is no plain
 * value stands as JSON.
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

/** The lines of some items, with their ends. */
export function linesOf({ lineOf, end }: ListText, items: readonly object[]): string {
  return items.map((item) => lineOf(item) + end).join('');
}

/** The head with its end; nothing where there is none. */
export function headOf({ head, end }: ListText): string {
  return head === undefined ? '' : head + end;
}
