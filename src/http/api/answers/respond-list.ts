import { accepts } from 'hono/accepts';
import type { CsvForm } from '../../../lib/csv/csv.ts';
import { headOf, linesOf, listText } from '../../../lib/list-text.ts';
import type { ApiContext } from '../api-deps.ts';
import { InvalidRequest } from '../api-error.ts';
import { cursorFromNow } from './times-from-now.ts';

export type ListFormat = 'json' | 'csv' | 'ndjson';

const TYPES = { json: 'application/json', csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;

/** The parameters of `listForm`, as the client gave them. */
export interface AskedForm {
  format?: ListFormat | undefined;
  csv: 'safe' | 'raw';
  for?: 'spreadsheet' | undefined;
}

export interface ListForm {
  format: ListFormat;
  csvForm: CsvForm;
}

/** Returns the form in which the client wants a list. Throws InvalidRequest if its parameters contradict each other. */
export function listFormOf(c: ApiContext, { format: wanted, csv, for: reader }: AskedForm): ListForm {
  const format = formatOf(c, wanted);
  if (reader === undefined) return { format, csvForm: csv };
  const refuse = (message: string) => new InvalidRequest([{ field: 'for', message }]);
  if (format !== 'csv') throw refuse('is only for CSV: add format=csv');
  if (csv === 'raw')
    throw refuse('cannot be combined with csv=raw: for=spreadsheet is for people, csv=raw is for programs');
  return { format, csvForm: reader };
}

/** The form in `format`; without it, the form in the Accept header; without both, JSON. */
function formatOf(c: ApiContext, format: ListFormat | undefined): ListFormat {
  if (format) return format;
  const supports = [TYPES.json, TYPES.csv, TYPES.ndjson, 'application/ndjson'];
  const type = accepts(c, { header: 'Accept', supports, default: TYPES.json });
  return type === TYPES.csv ? 'csv' : type.endsWith('ndjson') ? 'ndjson' : 'json';
}

/** Answers with one page as JSON: `{"items": […], "nextCursor": "…"}`. The last page has no nextCursor. */
export function respondPage(
  c: ApiContext,
  {
    items,
    nextCursor,
    ...more
  }: { items: readonly unknown[]; nextCursor?: string | undefined; [member: string]: unknown },
): Response {
  c.set('rows', items.length);
  const cursor = nextCursor === undefined ? undefined : cursorFromNow(nextCursor, c.get('countsFromMs'));
  return c.json({ ...more, items, ...(cursor !== undefined && { nextCursor: cursor }) }, 200, { vary: 'Accept' });
}

/** Answers with a whole list as a download in CSV or NDJSON. */
export function respondDownload(
  c: ApiContext,
  body: ReadableStream<Uint8Array> | string,
  { name, format, csvForm, now }: { name: string; format: 'csv' | 'ndjson'; csvForm: CsvForm; now: Date },
): Response {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return c.body(body, 200, {
    'content-type': format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson',
    'content-disposition': `attachment; filename="${name}-${stamp}Z${csvForm === 'spreadsheet' ? '-for-spreadsheets' : ''}.${format}"`,
    'cache-control': 'no-store',
    vary: 'Accept',
  });
}

/** Answers with a short list that is already in memory, in any form. */
export function respondShortList(
  c: ApiContext,
  items: readonly object[],
  {
    format,
    csvForm,
    name,
    now,
    columns,
    ...more
  }: {
    format: ListFormat;
    csvForm: CsvForm;
    name: string;
    now: Date;
    /** The column names of the CSV. An empty list needs them, because it has no items to take them from. */
    columns: readonly string[];
    [member: string]: unknown;
  },
): Response {
  if (format === 'json') return respondPage(c, { ...more, items });
  c.set('rows', items.length);
  const text = listText({ format, csvForm }, columns);
  return respondDownload(c, headOf(text) + linesOf(text, items), { name, format, csvForm, now });
}
