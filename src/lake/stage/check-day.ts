import type { Database } from 'better-sqlite3';
import { asyncBufferFromFile } from 'hyparquet';
import { revisionEntry } from '../../ledger/entries/entries.ts';
import { createLeafReader } from '../../ledger/entries/tombstone.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { hashLeaf } from '../../ledger/tree/hash-leaf.ts';
import { openParquet } from '../parquet/open-parquet.ts';
import { columnsOf, type LakeColumn, type LakeRow, type LakeTable } from '../tables/lake-table.ts';
import { LAKE_TABLES } from '../tables/lake-tables.ts';
import { sortedRows } from '../tables/select-rows.ts';
import type { StagedFile } from './stage-day.ts';

/**
 * Reads the staged files of a day again, by another implementation than the one that wrote them. Their rows must be
 * those of the archive, in the order of the table, and the leaf that is made of each state alone must be the leaf of
 * the ledger. Returns what is wrong, in a sentence for each file; nothing if the files are good.
 */
export async function checkDay(sqlite: Database, day: string, staged: readonly StagedFile[]): Promise<string[]> {
  const faults: string[] = [];
  for (const table of LAKE_TABLES) {
    const file = staged.find((one) => one.table === table.name);
    const fault = file ? await checkFile(sqlite, { table, day, path: file.path }) : 'it was not written';
    if (fault !== undefined) faults.push(`${table.name} of ${day}: ${fault}`);
  }
  return faults;
}

async function checkFile(
  sqlite: Database,
  { table, day, path }: { table: LakeTable; day: string; path: string },
): Promise<string | undefined> {
  const file = await openParquet(await asyncBufferFromFile(path));
  const columns = columnsOf(table, sqlite);
  if (JSON.stringify(file.columns) !== JSON.stringify(columns)) return 'it has other columns than the archive';
  const width = table.hot(sqlite).length;
  const faultOfLeaf = table.ofStates && createLeafChecker(sqlite, columns);
  const expected = sortedRows(table, sqlite, day);
  try {
    let number = 0;
    for await (const row of file.read()) {
      number += 1;
      const { value, done } = expected.next();
      if (done) return `it has more rows than the archive, from row ${number} on`;
      if (JSON.stringify(row.slice(0, width)) !== JSON.stringify(value))
        return `row ${number} is not the one of the archive, or not in its place`;
      const fault = faultOfLeaf?.(row);
      if (fault !== undefined) return `row ${number}: ${fault}`;
    }
    if (!expected.next().done) return `it ends after ${number} rows, and the archive has more`;
    return undefined;
  } finally {
    expected.return?.();
  }
}

/** Returns a function that makes the leaf of a row of `revisions` and compares it with the ledger. */
export function createLeafChecker(
  sqlite: Database,
  columns: readonly LakeColumn[],
): (row: LakeRow) => string | undefined {
  const hashAt = createLeafReader(tileStore(sqlite).read);
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const places = {
    ...{ seq: at('seq'), accountId: at('account_id'), region: at('region'), observedAt: at('observed_at') },
    ...{ fingerprint: at('fingerprint'), line: at('line'), state: at('state_json') },
    ...{ salt: at('page_salt'), digest: at('page_sha256') },
  };
  const text = (row: LakeRow, place: number) => String(row[place]);
  const bytes = (row: LakeRow, place: number) => {
    const value = row[place];
    return typeof value === 'string' ? Buffer.from(value, 'hex') : null;
  };
  return (row) => {
    const seq = Number(row[places.seq]);
    const line = Number(row[places.line]);
    const digest = bytes(row, places.digest);
    if (!digest) return 'it has no digest of its batch';
    const entry = revisionEntry(
      {
        ...{ accountId: text(row, places.accountId), region: text(row, places.region), line },
        ...{ observedAt: text(row, places.observedAt), fingerprint: bytes(row, places.fingerprint) },
      },
      { digest, salt: bytes(row, places.salt) },
      text(row, places.state),
    );
    return hashLeaf(entry).equals(hashAt(seq - 1)) ? undefined : `its leaf is not leaf ${seq - 1} of the ledger`;
  };
}
