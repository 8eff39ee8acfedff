import type { Database } from 'better-sqlite3';
import { addFault, type Fault } from '../../archive/verify/fault.ts';
import type { GoneCheck } from './check-gone.ts';
import type { SealedCount, VerifiedDay } from './verified-day.ts';
import type { VerifiedMonth } from './verified-month.ts';

/** The result of a verification of the lake. */
export interface LakeVerdict {
  /** How many sealed days were verified, of how many. */
  days: number;
  ofDays: number;
  objects: number;
  bytes: number;
  invocations: number;
  /** How many leaves have their rows in the objects, all of which were compared with the ledger. */
  leaves: number;
  /** How many months of commands were compared with the file, with how many commands. */
  months: number;
  commands: number;
  /** How many of these are different in the file now, because they changed or were pruned since. */
  changedCommands: number;
  /** How many objects were looked for because something in them was pruned, and why their versions were not listed. */
  goneObjects: number;
  versionsHidden: string | null;
  /** At most a hundred of each day, and of all days together. */
  faults: Fault[];
}

/**
 * Combines what was found of the days. If all days were verified, each leaf of the ledger must have its row in the
 * file, or once in the lake, or be under a tombstone.
 */
export function judgeDays(
  sqlite: Database,
  {
    found,
    months,
    gone,
    size,
    ofDays,
  }: {
    found: readonly VerifiedDay[];
    months: readonly VerifiedMonth[];
    gone?: GoneCheck | undefined;
    size: number;
    ofDays: number;
  },
): LakeVerdict {
  const faults = found.flatMap((day) => day.faults);
  const { inLake, twice } = markAll(found, size);
  const own: Fault[] = [];
  for (const seq of twice) addFault(own, `leaf ${seq - 1} is more than once in the lake`, seq - 1);
  if (found.length === ofDays && faults.length === 0) {
    own.push(...leafFaults(sqlite, inLake, size));
    own.push(...commandFaults(sqlite, found));
    own.push(...valueFaults(sqlite, found));
  }
  const sum = (of: 'objects' | 'bytes' | 'invocations') => found.reduce((total, day) => total + day[of], 0);
  return {
    ...{ days: found.length, ofDays, objects: sum('objects'), bytes: sum('bytes') },
    ...{ invocations: sum('invocations'), leaves: found.reduce((total, { seqs }) => total + seqs.length, 0) },
    months: months.length,
    commands: months.reduce((total, { commands }) => total + commands, 0),
    changedCommands: months.reduce((total, { changed }) => total + changed, 0),
    ...{ goneObjects: gone?.objects ?? 0, versionsHidden: gone?.hidden ?? null },
    faults: [...faults, ...months.flatMap((month) => month.faults), ...(gone?.faults ?? []), ...own],
  };
}

/** One bit for each seq. */
type Marks = Uint8Array;

function mark(marks: Marks, seq: number): void {
  const byte = Math.floor(seq / 8);
  marks[byte] = (marks[byte] ?? 0) | (1 << (seq % 8));
}

function isMarked(marks: Marks, seq: number): boolean {
  return ((marks[Math.floor(seq / 8)] ?? 0) & (1 << (seq % 8))) !== 0;
}

function marksFor(size: number): Marks {
  return new Uint8Array(Math.floor(size / 8) + 1);
}

function markAll(found: readonly VerifiedDay[], size: number): { inLake: Marks; twice: number[] } {
  const inLake = marksFor(size);
  const twice: number[] = [];
  for (const { seqs } of found)
    for (const seq of seqs) {
      if (isMarked(inLake, seq)) twice.push(seq);
      mark(inLake, seq);
    }
  return { inLake, twice };
}

function leafFaults(sqlite: Database, inLake: Marks, size: number): Fault[] {
  const faults: Fault[] = [];
  const hasRow = marksFor(size);
  for (const table of ['revisions', 'ledger_entries'])
    for (const seq of sqlite
      .prepare<[number], number>(`SELECT seq FROM main.${table} WHERE seq <= ?`)
      .pluck()
      .iterate(size))
      mark(hasRow, seq);
  const ranges = sqlite
    .prepare<[], [from: number, to: number]>("SELECT from_seq, to_seq FROM main.pruned_leaves WHERE what = 'entries'")
    .raw()
    .iterate();
  for (const [from, to] of ranges)
    for (let seq = from; seq <= Math.min(to, size); seq++) {
      if (isMarked(inLake, seq)) addFault(faults, `leaf ${seq - 1} is in the lake, although it was pruned`, seq - 1);
      mark(hasRow, seq);
    }
  for (let seq = 1; seq <= size; seq++)
    if (!isMarked(hasRow, seq) && !isMarked(inLake, seq))
      addFault(faults, `leaf ${seq - 1} has its row neither in the file nor in the lake`, seq - 1);
  return faults;
}

/** Compares what is counted of commands with the invocations that are in the lake alone. */
function commandFaults(sqlite: Database, found: readonly VerifiedDay[]): Fault[] {
  const faults: Fault[] = [];
  const counts = new Map<string, number>();
  const add = ({ accountId, region, commandId, status, invocations }: SealedCount, sign: 1 | -1) => {
    const key = JSON.stringify([accountId, region, commandId, status]);
    counts.set(key, (counts.get(key) ?? 0) + sign * invocations);
  };
  for (const { lakeOnly } of found) for (const count of lakeOnly) add(count, 1);
  const rows = sqlite
    .prepare<[], SealedCount>(
      'SELECT account_id AS accountId, region, command_id AS commandId, status, invocations FROM main.sealed_commands',
    )
    .iterate();
  for (const row of rows) add(row, -1);
  for (const [key, n] of counts)
    if (n !== 0) addFault(faults, `sealed_commands has the wrong number of invocations for ${key}`);
  return faults;
}

/**
 * Finds values that count as seen on sealed days although no sealed day has them. An invocation that has left a sealed
 * day may have taken its values with it, so nothing is said while one of these is in the file.
 */
function valueFaults(sqlite: Database, found: readonly VerifiedDay[]): Fault[] {
  const moved = 'SELECT 1 FROM main.day_moves m JOIN main.invocations i ON i.id = m.invocation_id LIMIT 1';
  if (sqlite.prepare(moved).get() !== undefined) return [];
  const faults: Fault[] = [];
  const last = sqlite.prepare<[], number>('SELECT coalesce(max(rowid), 0) FROM main.sealed_values').pluck().get() ?? 0;
  const seen = marksFor(last);
  for (const { values } of found) for (const id of values) mark(seen, id);
  const rows = sqlite
    .prepare<[], { id: number; kind: string; value: string; accountId: string; region: string }>(
      'SELECT rowid AS id, kind, value, account_id AS accountId, region FROM main.sealed_values',
    )
    .iterate();
  for (const { id, kind, value, accountId, region } of rows)
    if (!isMarked(seen, id))
      addFault(
        faults,
        `sealed_values has the ${kind} ${JSON.stringify(value)} of ${accountId}, ${region}, which no sealed day has`,
      );
  return faults;
}
