import type { Database } from 'better-sqlite3';
import { joined } from '../../db/condition.ts';
import { prepareEachRow } from '../../db/each-row.ts';
import { type CsvForm, type CsvValue, csvLine, csvLines } from '../../lib/csv/csv.ts';
import { createLineWriter, type LineWriter, NDJSON_LINES } from '../../lib/text/line-writer.ts';
import { withPastTables } from './as-of.ts';
import {
  type Include,
  type InvocationView,
  OUTPUT_MEMBER,
  type PluginView,
  SHOWN_MEMBERS,
  SHOWN_STEP_MEMBERS,
} from './invocation-view.ts';
import { type ListingQuery, type Position, readPage } from './list-invocations.ts';
import { planListing, type Stream } from './plan-listing.ts';

export interface ExportQuery extends Omit<ListingQuery, 'limit'> {
  format: 'csv' | 'ndjson';
  csvForm: CsvForm;
  /** Changes each item before it is written. */
  change?: ((item: InvocationView) => InvocationView) | undefined;
}

const PAGE_ROWS = 500;

/**
 * All invocations that a query finds, as UTF-8 text in chunks, from one state of the archive. NDJSON has one item per
 * line. CSV has a header, and one line for each invocation, or for each of its steps if steps are included. Passes each
 * chunk to `push`, and returns the number of lines without the header.
 */
export function exportInvocations(
  sqlite: Database,
  query: ExportQuery,
  { push }: { push(chunk: Uint8Array): void },
): number {
  const { writer, count } = openExport(query, push);
  // A caller that has already begun a transaction wants all of its answers from one state of the archive.
  const isAlone = !sqlite.inTransaction;
  if (isAlone) sqlite.exec('BEGIN');
  try {
    writeRows(sqlite, query, writer);
    writer.end();
    return count();
  } finally {
    if (isAlone) sqlite.exec('ROLLBACK');
  }
}

/** Begins an export: `count` returns how many lines were added without the header. */
export function openExport(
  query: Pick<ExportQuery, 'include' | 'format' | 'csvForm'>,
  push: (chunk: Uint8Array) => void,
): { writer: LineWriter; count(): number } {
  const names = csvColumns(query.include).map(([name]) => name);
  const writer = createLineWriter(query.format === 'csv' ? csvLines(names, query.csvForm) : NDJSON_LINES, push);
  let lines = 0;
  return {
    writer: {
      ...writer,
      add(line) {
        lines += 1;
        writer.add(line);
      },
    },
    count: () => lines,
  };
}

/** Writes all rows of one connection. */
export function writeRows(sqlite: Database, query: ExportQuery, writer: LineWriter): void {
  // If one index alone gives the rows in the requested order, they are read in one go.
  const streams = query.asOf === undefined && !query.change ? planListing(sqlite, query.filter, query.sort) : [];
  const [only] = streams;
  if (!only || streams.length > 1) pageByPage(sqlite, query, writer);
  else if (query.format === 'csv') csvStraight(sqlite, query, only, writer);
  else if (query.include === 'none') jsonStraight(sqlite, query, only, writer);
  else pageByPage(sqlite, query, writer);
}

/** CSV's columns: each name with its SQL, and whether it is a flag. */
function csvColumns(include: Include): [name: string, sql: string, isFlag: boolean][] {
  const steps = include === 'none' ? [] : [...SHOWN_STEP_MEMBERS, ...(include === 'outputs' ? [OUTPUT_MEMBER] : [])];
  return [
    ...SHOWN_MEMBERS.map(([member, column, kind]) => [member, `i.${column}`, kind === 'flag'] as const),
    ...steps.map(
      ([member, sql, kind]) =>
        [`plugin${member.charAt(0).toUpperCase()}${member.slice(1)}`, sql, kind === 'flag'] as const,
    ),
  ].map(([name, sql, isFlag]) => [name, sql, isFlag]);
}

function orderOf({ sort, isDescending }: ExportQuery): string {
  const way = isDescending ? 'DESC' : 'ASC';
  return `${sort === 'requestedAt' ? 'i.requested_at' : 'i.changed_at'} ${way}, i.id ${way}`;
}

function csvStraight(sqlite: Database, query: ExportQuery, { from, conditions }: Stream, writer: LineWriter): void {
  const { sql, params } = joined(conditions);
  const columns = csvColumns(query.include);
  const [steps, position] =
    query.include === 'none'
      ? ['', '']
      : ['LEFT JOIN plugins p ON p.invocation_id = i.id LEFT JOIN outputs o ON o.id = p.output_id', ', p.position'];
  const selected = columns.map(([, own]) => own).join(', ');
  const each = prepareEachRow(sqlite, {
    sql: `SELECT ${selected} FROM ${from} ${steps} WHERE ${sql} ORDER BY ${orderOf(query)}${position}`,
    columns: columns.length,
  });
  const flags = columns.flatMap(([, , isFlag], n) => (isFlag ? [n] : []));
  each(params, (row) => {
    const cells = row as CsvValue[];
    for (const n of flags) if (cells[n] !== null) cells[n] = cells[n] === 1;
    writer.add(csvLine(cells, query.csvForm));
  });
}

function jsonStraight(sqlite: Database, query: ExportQuery, { from, conditions }: Stream, writer: LineWriter): void {
  const { sql, params } = joined(conditions);
  const members = SHOWN_MEMBERS.map(([member, column, kind]) => {
    if (kind === 'flag')
      return `'${member}', json(CASE i.${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END)`;
    return kind === 'list' || kind === 'object' ? `'${member}', json(i.${column})` : `'${member}', i.${column}`;
  });
  const each = prepareEachRow(sqlite, {
    sql: `SELECT json_object(${members.join(', ')}) FROM ${from} WHERE ${sql} ORDER BY ${orderOf(query)}`,
    columns: 1,
  });
  each(params, ([line]) => writer.add(String(line)));
}

function pageByPage(sqlite: Database, query: ExportQuery, writer: LineWriter): void {
  const { asOf } = query;
  const write = createItemWriter(query, writer);
  let after: Position | undefined;
  do {
    const asked = { ...query, limit: PAGE_ROWS, after };
    // withPastTables drops the tables of the past time when it returns, so each page makes them again.
    const page =
      asOf === undefined
        ? readPage(sqlite, asked)
        : withPastTables(sqlite, (past) => {
            past.addAsOf(asOf);
            return readPage(sqlite, asked, past);
          });
    for (const item of page.items) write(item);
    after = page.next;
  } while (after);
}

/** Returns a function that writes an invocation as it is read for a list. */
export function createItemWriter(query: ExportQuery, writer: LineWriter): (item: InvocationView) => void {
  const width = csvColumns(query.include).length;
  return (item) => writeItem(query, query.change?.(item) ?? item, width, writer);
}

function writeItem(
  { format, csvForm, include }: ExportQuery,
  item: InvocationView,
  width: number,
  writer: LineWriter,
): void {
  if (format === 'ndjson') {
    writer.add(JSON.stringify(item));
    return;
  }
  const { plugins, ...own } = item;
  const cells = Object.values(own);
  if (include === 'none' || !plugins || plugins.length === 0) {
    const empty = Array(width - cells.length).fill(null);
    writer.add(csvLine([...cells, ...empty], csvForm));
    return;
  }
  for (const plugin of plugins) writer.add(csvLine([...cells, ...stepCells(plugin)], csvForm));
}

function stepCells(plugin: PluginView): CsvValue[] {
  return Object.values(plugin);
}
