import { setImmediate } from 'node:timers/promises';
import type { CsvForm } from '../../../lib/csv/csv.ts';
import { headOf, linesOf, listText } from '../../../lib/list-text.ts';
import type { ApiContext } from '../api-deps.ts';
import { type ListFormat, respondDownload } from './respond-list.ts';

const PAGE_ROWS = 500;

/** A page of a list. */
interface RowsOfPage<Position> {
  items: readonly object[];
  next: Position | undefined;
}

/**
 * Answers with a whole list as a download that the server's own process reads. It reads the next page only when the
 * client has taken the last one, so other requests never wait longer than one page takes.
 */
export function respondPages<Position>(
  c: ApiContext,
  {
    columns,
    read,
    ...file
  }: {
    name: string;
    format: Exclude<ListFormat, 'json'>;
    now: Date;
    csvForm: CsvForm;
    /** The column names of the CSV. */
    columns: readonly string[];
    read(limit: number, after: Position | undefined): RowsOfPage<Position> | Promise<RowsOfPage<Position>>;
  },
): Response {
  const list = listText(file, columns);
  let rows = 0;
  let after: Position | undefined;
  let head = headOf(list);
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // A page may be empty and still have a next one. If a pull enqueues nothing, no other pull follows, so we read
        // the next page here.
        for (let text = ''; text === ''; await setImmediate()) {
          const { items, next } = await read(PAGE_ROWS, after);
          rows += items.length;
          after = next;
          text = head + linesOf(list, items);
          head = '';
          if (text !== '') controller.enqueue(Buffer.from(text));
          if (next === undefined) return controller.close();
        }
      },
    },
    { highWaterMark: 0 },
  );
  c.set('rows', () => rows);
  return respondDownload(c, body, file);
}
