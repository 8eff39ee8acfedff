import { accepts } from 'hono/accepts';
import type { CsvForm } from '../../../lib/csv/csv.ts';
import { headOf, linesOf, listText } from '../../../lib/list-text.ts';
import { type FileFormat, MEDIA_TYPES } from '../../../lib/media-types.ts';
import type { ApiContext } from '../api-deps.ts';
import { InvalidRequest } from '../api-error.ts';
import { cursorFromNow } from './times-from-now.ts';

export type ListFormat = 'json' | 'csv' | 'ndjson';

/** The parameters of `listForm`, as the client gave them. */
export interface AskedForm<Format extends string = ListFormat> {
  format?: Format | undefined;
  csv: 'safe' | 'raw';
  for?: 'spreadsheet' | undefined;
}

export interface ListForm {
  format: ListFormat;
  csvForm: CsvForm;
}

const LIST_FORMATS = ['json', 'csv', 'ndjson'] as const satisfies ListFormat[];

/** Returns the form in which the client wants a list. Throws InvalidRequest if its parameters contradict each other. */
export function listFormOf(c: ApiContext, asked: AskedForm): ListForm {
  return formOf(c, asked, LIST_FORMATS);
}

/** Returns the form in which the client wants an answer of SQL, which may also be a file of columns. */
export function sqlFormOf(
  c: ApiContext,
  asked: AskedForm<ListFormat | FileFormat>,
): { format: ListFormat | FileFormat; csvForm: CsvForm } {
  return formOf(c, asked, [...LIST_FORMATS, 'parquet', 'arrow']);
}

function formOf<Format extends ListFormat | FileFormat>(
  c: ApiContext,
  { format: wanted, csv, for: reader }: AskedForm<Format>,
  formats: readonly (Format | 'json')[],
): { format: Format | 'json'; csvForm: CsvForm } {
  const format = wanted ?? acceptedFormat(c, formats);
  if (reader === undefined) return { format, csvForm: csv };
  const refuse = (message: string) => new InvalidRequest([{ field: 'for', message }]);
  if (format !== 'csv') throw refuse('is only for CSV: add format=csv');
  if (csv === 'raw')
    throw refuse('cannot be combined with csv=raw: for=spreadsheet is for people, csv=raw is for programs');
  return { format, csvForm: reader };
}

/** The form in the Accept header; without one, JSON. */
function acceptedFormat<Format extends ListFormat | FileFormat>(
  c: ApiContext,
  formats: readonly (Format | 'json')[],
): Format | 'json' {
  const supports = [...formats.map((format) => MEDIA_TYPES[format]), NDJSON_TOO];
  const type = accepts(c, { header: 'Accept', supports, default: MEDIA_TYPES.json });
  const named = type === NDJSON_TOO ? MEDIA_TYPES.ndjson : type;
  return formats.find((format) => MEDIA_TYPES[format] === named) ?? 'json';
}

/** Another name of NDJSON, which some clients send. */
const NDJSON_TOO = 'application/ndjson';

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

/** The type in the header of a download. */
const DOWNLOADED: Readonly<Record<'csv' | 'ndjson' | FileFormat, string>> = {
  ...MEDIA_TYPES,
  csv: `${MEDIA_TYPES.csv}; charset=utf-8; header=present`,
};

/** Answers with all rows as a download. */
export function respondDownload(
  c: ApiContext,
  body: ReadableStream<Uint8Array> | string,
  { name, format, csvForm, now }: { name: string; format: 'csv' | 'ndjson' | FileFormat; csvForm: CsvForm; now: Date },
): Response {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return c.body(body, 200, {
    'content-type': DOWNLOADED[format],
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
