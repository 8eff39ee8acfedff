import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { readMonths } from '../../archive/sealed/lake-index.ts';
import { readFloor } from '../../archive/sealed/read-floor.ts';
import { readSealedDays } from '../../archive/sealed/read-sealed-days.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { sha256 } from '../../lib/sha256.ts';
import { isoFromMs } from '../../lib/time.ts';
import { loadDuckDb } from '../parquet/load-duckdb.ts';
import { openWriter, type ParquetWriter } from '../parquet/open-writer.ts';
import { drawMarks, packRows, unpackingSql } from '../stage/pack-rows.ts';
import { LakeFault } from '../store/lake-fault.ts';
import { COMMANDS } from '../tables/commands-table.ts';
import { columnsOf, type LakeColumn, type LakeRow, type LakeTable } from '../tables/lake-table.ts';
import { SCHEMA_VERSION } from '../tables/object-key.ts';
import { spanOf } from '../tables/select-rows.ts';
import { changedDays, countDays, leafBefore } from './changed-days.ts';
import type { HotCopy, HotDay } from './hot-copy.ts';
import { CHANGES_SILENTLY, COPIED_TABLES, wholeColumns, wholeTablesOf } from './hot-tables.ts';

/** What a copy is made with. */
export interface CopyDeps {
  /** A connection that is in a transaction all the while, so that the rows are those of one moment. */
  sqlite: Database;
  /** Where the files are; it exists. */
  folder: string;
  /** How many bytes the files of one copy may have. */
  maxBytes: number;
  nowMs: number;
}

/** Tables of which each day has a file of its own. */
const BY_DAY = COPIED_TABLES.filter(({ name }) => !CHANGES_SILENTLY.includes(name));

/**
 * Writes the rows that the archive itself has as Parquet, and returns what was written. Files of days that have not
 * changed since `before`, a copy of this archive with the same schema, are used again.
 */
export async function writeCopy(deps: CopyDeps, before: HotCopy | undefined): Promise<HotCopy> {
  const { sqlite, folder, nowMs } = deps;
  const columns = columnsOfTables(sqlite);
  const counts = countDays(sqlite);
  const changed = before && changedDays(sqlite, before, counts);
  const kept = new Map((before?.days ?? []).map((day) => [day.day, day]));
  for (const day of changed ?? []) kept.delete(day);
  const treeSize = tileStore(sqlite).size();
  const work = join(folder, `work-${randomUUID()}`);
  await mkdir(work, { mode: 0o700 });
  try {
    const files = fileWriter(deps, await openWriter(await loadDuckDb(), work), columns);
    try {
      const days: HotDay[] = [];
      for (const [day, invocations] of counts) {
        const old = kept.get(day);
        if (old) await files.count(Object.values(old.files));
        days.push(old ?? { day, invocations, files: await files.writeDay(day) });
      }
      const whole = await files.writeWhole();
      const hotIds = await files.writeHotIds();
      const sealed = readSealedDays(sqlite).map(({ day, generation, objects }) => ({
        ...{ day, generation },
        objects: objects.filter(({ table }) => COPIED_TABLES.some(({ name }) => name === table)),
      }));
      const dated = [...counts.keys(), ...sealed.map(({ day }) => day)].filter((day) => day !== '').sort();
      return {
        facts: { engine: 'lake', from: dated[0] ?? null, to: dated.at(-1) ?? null, asOf: isoFromMs(nowMs) },
        ...{ schema: schemaOf(sqlite), treeSize, lastLeaf: leafBefore(sqlite, treeSize) },
        ...{ days, whole, hotIds, sealed },
        columns: Object.fromEntries([...columns].map(([name, all]) => [name, all.map((one) => one.name)])),
      };
    } finally {
      files.close();
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function columnsOfTables(sqlite: Database): Map<string, readonly LakeColumn[]> {
  return new Map<string, readonly LakeColumn[]>([
    ...COPIED_TABLES.map(({ name, hot }) => [name, hot(sqlite)] as const),
    ...(readMonths(sqlite).length > 0 ? [[COMMANDS.name, columnsOf(COMMANDS, sqlite)] as const] : []),
    ...wholeTablesOf(sqlite).map((name) => [name, wholeColumns(sqlite, name)] as const),
  ]);
}

/** Returns a digest of the names of all columns. */
export function schemaOf(sqlite: Database): string {
  const names = [...columnsOfTables(sqlite)].map(([name, all]) => [name, all.map((column) => column.name)]);
  return sha256(JSON.stringify(names)).toString('hex');
}

/** Writes the files of one copy, and refuses to write more than the copy may have. */
function fileWriter(
  { sqlite, folder, maxBytes }: CopyDeps,
  writer: ParquetWriter,
  columns: ReadonlyMap<string, readonly LakeColumn[]>,
) {
  let bytes = 0;
  async function count(names: readonly string[]): Promise<void> {
    for (const name of names) bytes += (await stat(join(folder, name))).size;
    if (bytes > maxBytes)
      throw new LakeFault(
        `SQL over the lake reads a copy of the rows that are not sealed, and that copy needs more than the ${maxBytes} bytes that it may have (SSM_ARCHIVE_LAKE_CACHE_BYTES). Allow more, or seal more days.`,
      );
  }
  async function write(table: string, rows: Iterable<LakeRow>, own = columns.get(table) ?? []): Promise<string> {
    const name = `${table}-${randomUUID()}.parquet`;
    const marks = drawMarks();
    await writer.write(join(folder, name), {
      ...{ rows: packRows(rows, marks), rowMark: marks.row },
      unpacking: (staged) => unpackingSql(own, marks, staged),
      mostValues: Number.MAX_SAFE_INTEGER,
      metadata: { schema: String(SCHEMA_VERSION), table },
    });
    await count([name]);
    return name;
  }
  return {
    count,
    async writeDay(day: string): Promise<Record<string, string>> {
      const files: Record<string, string> = {};
      for (const table of BY_DAY) files[table.name] = await write(table.name, rowsOf(sqlite, table, day));
      return files;
    },
    async writeWhole(): Promise<Record<string, string>> {
      const files: Record<string, string> = {};
      for (const table of COPIED_TABLES) {
        // One file of each table is always there, so that its columns are known even if no invocation is.
        const isByDay = BY_DAY.includes(table);
        files[table.name] = await write(table.name, isByDay ? [] : rowsOf(sqlite, table, undefined));
      }
      // Of an index of a lake, the lake itself has the commands.
      if (readMonths(sqlite).length > 0) files[COMMANDS.name] = await write(COMMANDS.name, []);
      for (const name of wholeTablesOf(sqlite)) {
        const selected = wholeColumns(sqlite, name).map(({ name: as, sql }) => `${sql} AS "${as}"`);
        const rows = sqlite
          .prepare<[], LakeRow>(`SELECT ${selected.join(', ')} FROM main.${name} t`)
          .raw()
          .iterate();
        files[name] = await write(name, rows);
      }
      return files;
    },
    /** Invocations of sealed days that never ended, that changed since, or that were brought back. */
    async writeHotIds(): Promise<string | null> {
      const floor = readFloor(sqlite);
      if (floor === undefined) return null;
      const ids = sqlite
        .prepare<[string], LakeRow>('SELECT id FROM main.invocations WHERE requested_at < ? ORDER BY id')
        .raw()
        .iterate(floor);
      return await write('hot_ids', ids, [{ name: 'id', type: 'BIGINT' }]);
    },
    close: () => writer.close(),
  };
}

/** Returns the rows of a table, of a day, of no day (''), or of all days (undefined). */
function rowsOf(sqlite: Database, table: LakeTable, day: string | undefined): IterableIterator<LakeRow> {
  const columns = table.hot(sqlite).map(({ name, sql }) => `${sql} AS "${name}"`);
  const where =
    day === undefined
      ? 'true'
      : day === ''
        ? 'i.requested_at IS NULL'
        : 'i.requested_at >= :day AND i.requested_at < :next';
  const rows = sqlite
    .prepare<[object], LakeRow>(`SELECT ${columns.join(', ')} FROM ${table.from} WHERE ${where}`)
    .raw();
  return day === undefined || day === '' ? rows.iterate({}) : rows.iterate(spanOf(day));
}
