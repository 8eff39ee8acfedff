import type { Database } from 'better-sqlite3';
import { asyncBufferFromFile } from 'hyparquet';
import { addFault } from '../../archive/verify/fault.ts';
import { sha256 } from '../../lib/sha256.ts';
import { openParquet } from '../parquet/open-parquet.ts';
import { findWrittenMonth, type WrittenMonth } from '../seal/months/written-month.ts';
import { listIntents } from '../seal/seal-intents.ts';
import { LakeObjectWrong } from '../store/lake-fault.ts';
import { COMMANDS } from '../tables/commands-table.ts';
import { columnsOf, type LakeColumn, type LakeRow } from '../tables/lake-table.ts';
import { allRows } from '../tables/select-rows.ts';
import type { VerifiedMonth } from './verified-month.ts';
import type { DayDeps } from './verify-day.ts';

/** So often a month may be written again while it is verified. */
const TRIES = 3;

/**
 * Verifies the commands of a month in the lake: the object with the manifest, and each row with the file. A command that
 * is another one in the file has changed since, which is no fault: the states of a command are leaves, and the file has
 * them. Undefined if the month was not written. Rejects with LakeFault if the lake can't be reached.
 */
export async function verifyMonth(deps: DayDeps, month: string): Promise<VerifiedMonth | undefined> {
  const found: VerifiedMonth = { month, faults: [], commands: 0, changed: 0 };
  const fault = (what: string) => addFault(found.faults, `the commands of ${month} in the lake: ${what}`);
  for (let attempt = 1; ; attempt++) {
    const written = await findWrittenMonth(deps, month);
    if (!written) return undefined;
    try {
      const file = await deps.objects.open({ ...written, table: COMMANDS.name });
      try {
        const what = await compareRows(deps.sqlite, { path: file.path, written, found });
        if (what !== undefined) fault(what);
      } finally {
        await file.release();
      }
      return found;
    } catch (error) {
      if (!(error instanceof LakeObjectWrong)) throw error;
      // A seal that is under way, or was interrupted, may have put the next one there.
      if (isIntended(deps.sqlite, written.key)) return found;
      const isCurrent = (await findWrittenMonth(deps, month))?.sha256 === written.sha256;
      if (!isCurrent && attempt < TRIES) continue;
      fault(error.what);
      return found;
    }
  }
}

function isIntended(sqlite: Database, key: string): boolean {
  return listIntents(sqlite).some(({ objects }) => objects.some((one) => one.key === key));
}

/** Returns what is wrong with the file; undefined if nothing is. */
async function compareRows(
  sqlite: Database,
  { path, written, found }: { path: string; written: WrittenMonth; found: VerifiedMonth },
): Promise<string | undefined> {
  const file = await openParquet(await asyncBufferFromFile(path));
  if (file.rows !== written.rows) return `the object has ${file.rows} rows, and the manifest says ${written.rows}`;
  const keyOf = keysOf(file.columns);
  // Both are in the same order, but a command may have changed its time, and with it its place.
  const names = file.columns.map(({ name }) => name);
  const present = new Map<string, string>();
  const places = placesOf(columnsOf(COMMANDS, sqlite), names);
  const ofPresent = keysOf(columnsOf(COMMANDS, sqlite));
  for (const row of allRows(COMMANDS, sqlite, written.month))
    present.set(ofPresent(row), digestOf(places.map((place) => row[place] ?? null)));
  const seen = new Set<string>();
  for await (const row of file.read()) {
    const key = keyOf(row);
    if (seen.has(key)) return `the command ${key} is there twice`;
    seen.add(key);
    found.commands += 1;
    if (present.get(key) !== digestOf(row)) found.changed += 1;
  }
  return undefined;
}

/** A command may be long, and a month has many. */
function digestOf(row: LakeRow): string {
  return sha256(JSON.stringify(row)).toString('base64');
}

function placesOf(columns: readonly LakeColumn[], names: readonly string[]): number[] {
  return names.map((name) => columns.findIndex((column) => column.name === name));
}

function keysOf(columns: readonly LakeColumn[]): (row: LakeRow) => string {
  const places = placesOf(columns, ['account_id', 'region', 'command_id']);
  return (row) => places.map((place) => row[place]).join(' ');
}
