import type { Database } from 'better-sqlite3';
import { CSV_LINE_END, type CsvValue, csvLine, isPlainCsvLine } from '../lib/csv.ts';
import { encodeLines } from '../lib/encode-lines.ts';
import { withPastTables } from './as-of.ts';
import { joined } from './invocation-filter.ts';
import {
  INVOCATION_MEMBERS,
  type Include,
  type InvocationView,
  OUTPUT_MEMBER,
  PLUGIN_MEMBERS,
  type PluginView,
} from './invocation-view.ts';
import { type ListingQuery, type Position, readPage } from './list-invocations.ts';
import { planListing, type Stream } from './plan-listing.ts';

export interface ExportQuery extends Omit<ListingQuery, 'limit'> {
  format: 'csv' | 'ndjson';
  /** In CSV, leaves cells as they are that a spreadsheet would run as formulas. */
  isRaw: boolean;
}

const PAGE_ROWS = 500;

/**
 * All invocations that a query finds, as UTF-8 text in chunks, from one moment's state of the archive. NDJSON has the items of
 * the list, one a line; returns how many rows. CSV has a header and a line for each invocation, or for each of its steps where they are included.
 */
export function* exportInvocations(sqlite: Database, query: ExportQuery): Generator<Uint8Array, number> {
  sqlite.exec('BEGIN');
  try {
    const isCsv = query.format === 'csv';
    const lines = yield* encodeLines(linesOf(sqlite, query), isCsv ? CSV_LINE_END : '\n');
    return isCsv ? lines - 1 : lines;
  } finally {
    sqlite.exec('ROLLBACK');
  }
}

function* linesOf(sqlite: Database, query: ExportQuery): Generator<string> {
  const isCsv = query.format === 'csv';
  if (isCsv) yield headerOf(query.include).join(',');
  // One index in the order asked for can be read straight through; SQLite then writes the line.
  const streams = query.asOf === undefined ? planListing(sqlite, query.filter, query.sort) : [];
  const [only] = streams;
  if (only && streams.length === 1 && query.include === 'none') {
    yield* isCsv ? csvStraight(sqlite, query, only) : jsonStraight(sqlite, query, only);
  } else yield* pageByPage(sqlite, query);
}

function headerOf(include: Include): string[] {
  const own = INVOCATION_MEMBERS.map(([member]) => member);
  if (include === 'none') return own;
  const steps = [...PLUGIN_MEMBERS, ...(include === 'outputs' ? [OUTPUT_MEMBER] : [])];
  return [...own, ...steps.map(([member]) => `plugin${member.charAt(0).toUpperCase()}${member.slice(1)}`)];
}

function orderOf({ sort, isDescending }: ExportQuery): string {
  const way = isDescending ? 'DESC' : 'ASC';
  return `${sort === 'requestedAt' ? 'i.requested_at' : 'i.changed_at'} ${way}, i.id ${way}`;
}

/**
 * Cells as SQLite writes them. NULL and an empty text differ in CSV: the empty one is quoted. Text that begins with a
 * quote could pass for a quoted cell; it is made one that can't, so that its line is written cell by cell.
 */
const PLAIN_CELL = {
  text: (column: string) =>
    `CASE WHEN ${column} = '' THEN '""' WHEN ${column} >= '"' AND ${column} < '#' THEN '"not"plain' ELSE ${column} END`,
  json: (column: string) => `CASE WHEN ${column} = '[]' THEN '[]' ELSE '"' || replace(${column}, '"', '""') || '"' END`,
  flag: (column: string) => `CASE ${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END`,
};

/** The line comes whole from SQLite; only where a cell of it needs quotes are the cells read one by one. */
function* csvStraight(sqlite: Database, query: ExportQuery, { from, conditions }: Stream): Generator<string> {
  const { sql, params } = joined(conditions);
  const cells = INVOCATION_MEMBERS.map(([, column, kind]) => PLAIN_CELL[kind](`i.${column}`));
  const rows = sqlite
    .prepare<unknown[], [string, number]>(
      `SELECT concat(${cells.join(`, ',', `)}), i.id FROM ${from} WHERE ${sql} ORDER BY ${orderOf(query)}`,
    )
    .raw();
  const columns = INVOCATION_MEMBERS.map(([, column]) => column);
  const readCells = sqlite
    .prepare<[number], (string | number | null)[]>(`SELECT ${columns.join(', ')} FROM main.invocations WHERE id = ?`)
    .raw();
  for (const [line, id] of rows.iterate(...params)) {
    if (isPlainCsvLine(line, columns.length)) yield line;
    else yield csvLine(asValues(readCells.get(id) ?? []), query.isRaw);
  }
}

function asValues(cells: readonly (string | number | null)[]): CsvValue[] {
  return cells.map((cell, n) => (INVOCATION_MEMBERS[n]?.[2] === 'flag' && cell !== null ? cell === 1 : cell));
}

function* jsonStraight(sqlite: Database, query: ExportQuery, { from, conditions }: Stream): Generator<string> {
  const { sql, params } = joined(conditions);
  const members = INVOCATION_MEMBERS.map(([member, column, kind]) => {
    if (kind === 'text') return `'${member}', i.${column}`;
    if (kind === 'json') return `'${member}', json(i.${column})`;
    return `'${member}', json(CASE i.${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END)`;
  });
  yield* sqlite
    .prepare<unknown[], string>(
      `SELECT json_object(${members.join(', ')}) FROM ${from} WHERE ${sql} ORDER BY ${orderOf(query)}`,
    )
    .pluck()
    .iterate(...params);
}

function* pageByPage(sqlite: Database, query: ExportQuery): Generator<string> {
  if (query.asOf === undefined) {
    yield* walk(sqlite, query, undefined);
    return;
  }
  // Held in an array, since the tables are gone when withPastTables returns: they are made anew by the page.
  const { asOf } = query;
  let after: Position | undefined;
  do {
    const page = withPastTables(sqlite, (past) => {
      past.addAsOf(asOf);
      return readPage(sqlite, { ...query, limit: PAGE_ROWS, after }, past);
    });
    for (const item of page.items) yield* linesOfItem(query, item);
    after = page.next;
  } while (after);
}

function* walk(sqlite: Database, query: ExportQuery, start: Position | undefined): Generator<string> {
  let after = start;
  do {
    const { items, next } = readPage(sqlite, { ...query, limit: PAGE_ROWS, after });
    for (const item of items) yield* linesOfItem(query, item);
    after = next;
  } while (after);
}

function* linesOfItem({ format, isRaw, include }: ExportQuery, item: InvocationView): Generator<string> {
  if (format === 'ndjson') {
    yield JSON.stringify(item);
    return;
  }
  const { plugins, ...own } = item;
  const cells = Object.values(own);
  if (include === 'none' || !plugins || plugins.length === 0) {
    const empty = include === 'none' ? [] : Array(headerOf(include).length - cells.length).fill(null);
    yield csvLine([...cells, ...empty], isRaw);
    return;
  }
  for (const plugin of plugins) yield csvLine([...cells, ...stepCells(plugin)], isRaw);
}

function stepCells(plugin: PluginView): CsvValue[] {
  return Object.values(plugin);
}
