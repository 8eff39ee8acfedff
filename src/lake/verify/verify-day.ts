import type { Database } from 'better-sqlite3';
import { idsThatLeft } from '../../archive/sealed/day-moves.ts';
import type { SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { addFault } from '../../archive/verify/fault.ts';
import type { SealedObject } from '../../ledger/entries/sealed-entry.ts';
import type { LakeObjects, OpenedObject } from '../cache/lake-objects.ts';
import { LakeObjectWrong } from '../store/lake-fault.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { LAKE_TABLES } from '../tables/lake-tables.ts';
import { createDayCounts, type DayCounts } from './check-day-counts.ts';
import { checkManifest } from './check-manifest.ts';
import { createValueChecker } from './check-values.ts';
import { createSealedChecker, type DayTables } from './create-sealed-checker.ts';
import { type OpenTable, openTable } from './open-table.ts';
import type { VerifiedDay } from './verified-day.ts';
import { type WholeInvocation, walkInvocations } from './walk-invocations.ts';

export interface DayDeps {
  /** A connection in a transaction. */
  sqlite: Database;
  store: ObjectStore;
  objects: LakeObjects;
  onLeaves?: ((count: number) => void) | undefined;
}

/**
 * Verifies a sealed day in the lake: its manifest, its objects, and each row in them. What is wrong with an object is a
 * fault. Rejects with LakeFault if the lake can't be reached.
 */
export async function verifyDay(deps: DayDeps, day: SealedDay): Promise<VerifiedDay> {
  const found: VerifiedDay = {
    ...{ day: day.day, faults: [], invocations: 0, seqs: new Float64Array(0), objects: 0, bytes: 0 },
    ...{ lakeOnly: [], values: new Float64Array(0) },
  };
  const fault = (what: string) => addFault(found.faults, `${day.day} of the lake: ${what}`);
  for (const what of await checkManifest(deps, day)) fault(what);
  const opened: OpenedObject[] = [];
  try {
    const tables = new Map<string, OpenTable>();
    for (const object of day.objects) {
      const file = await openOrTell(deps, object, fault);
      if (!file) continue;
      opened.push(file);
      found.objects += 1;
      found.bytes += object.sizeBytes;
      const table = await openTable(file.path, object, day.day);
      tables.set(object.table, table);
    }
    const whole = wholeOf(tables, fault);
    if (whole) await checkRows(deps, { day, tables: whole, found, fault });
  } catch (error) {
    fault(sentenceOf(error));
  } finally {
    for (const { release } of opened) await release();
  }
  return found;
}

async function openOrTell(
  { objects }: DayDeps,
  object: SealedObject,
  fault: (what: string) => void,
): Promise<OpenedObject | undefined> {
  try {
    return await objects.open(object);
  } catch (error) {
    if (!(error instanceof LakeObjectWrong)) throw new Unreached(error);
    fault(error.what);
    return undefined;
  }
}

/** The lake can't be reached: that is no fault of a day. */
class Unreached extends Error {
  constructor(cause: unknown) {
    super('The lake was not reached.', { cause });
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof Unreached) throw error.cause;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // Errors of SQLite and of the disk come from this machine, not from what a file has.
  if (/^(SQLITE_|E[A-Z]+$)/.test(code)) throw error;
  return error instanceof Error ? error.message : String(error);
}

function wholeOf(tables: ReadonlyMap<string, OpenTable>, fault: (what: string) => void): DayTables | undefined {
  const missing = LAKE_TABLES.filter(({ name }) => !tables.has(name));
  for (const { name } of missing) fault(`its rows were not checked, since ${name} can't be read`);
  const [invocations, plugins, revisions, fullOutputs, earlierOutputs] = [
    ...['invocations', 'plugins', 'revisions', 'full_outputs', 'earlier_outputs'],
  ].map((name) => tables.get(name));
  if (missing.length > 0 || !invocations || !plugins || !revisions || !fullOutputs || !earlierOutputs) return undefined;
  return { invocations, plugins, revisions, full_outputs: fullOutputs, earlier_outputs: earlierOutputs };
}

interface RowsToCheck {
  day: SealedDay;
  tables: DayTables;
  found: VerifiedDay;
  fault(what: string): void;
}

async function checkRows({ sqlite, onLeaves }: DayDeps, { day, tables, found, fault }: RowsToCheck): Promise<void> {
  const { invocations, ...parts } = tables;
  const check = createSealedChecker(sqlite, tables);
  const counts = createDayCounts(sqlite, day.day);
  const values = createValueChecker(sqlite, day.day, tables);
  const seqs: number[] = [];
  const ids = new Set<number>();
  // Their leaves have rows in the file, and may be in the lake on another day too.
  const left = new Set(idsThatLeft(sqlite, day.day));
  const seqsOfLeft = new Set<number>();
  let told = 0;
  try {
    for await (const whole of walkInvocations(invocations, Object.values(parts))) {
      const { id, name } = addTo(counts, invocations, whole);
      if (ids.has(id)) fault(`invocation ${id} is there twice`);
      ids.add(id);
      values.add(whole);
      if (String(invocations.value(whole.row, 'requested_at')).slice(0, 10) !== day.day)
        fault(`${name} was requested on another day`);
      for (const seq of check(whole, (what) => fault(`${name}: ${what}`))) {
        seqs.push(seq);
        if (left.has(id)) seqsOfLeft.add(seq);
      }
      if (seqs.length - told < 1000) continue;
      onLeaves?.(seqs.length - told);
      told = seqs.length;
    }
    const ofValues = values.end();
    found.values = ofValues.rows;
    for (const what of [...boundFaults(day, ids, seqs), ...counts.faults(), ...ofValues.faults]) fault(what);
  } finally {
    onLeaves?.(seqs.length - told);
    found.invocations = ids.size;
    found.seqs = Float64Array.from(seqsOfLeft.size === 0 ? seqs : seqs.filter((seq) => !seqsOfLeft.has(seq)));
    found.lakeOnly = counts.lakeOnly();
  }
}

function addTo(counts: DayCounts, table: OpenTable, { row }: WholeInvocation): { id: number; name: string } {
  const text = (column: string) => {
    const value = table.value(row, column);
    return value === null ? null : String(value);
  };
  const [id, accountId, region] = [Number(table.value(row, 'id')), text('account_id') ?? '', text('region') ?? ''];
  const commandId = text('command_id') ?? '';
  counts.add({
    ...{ id, accountId, region, commandId, documentName: text('document_name') },
    ...{ status: text('status'), statusDetails: text('status_details') },
  });
  return { id, name: `invocation ${id} of ${accountId}, ${region}, command ${commandId} on ${text('instance_id')}` };
}

/** What `sealed_days` says of the ids and seqs must be that of the rows. */
function* boundFaults(day: SealedDay, ids: ReadonlySet<number>, seqs: readonly number[]): Generator<string> {
  const least = (all: Iterable<number>) => {
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const one of all) {
      min = Math.min(min, one);
      max = Math.max(max, one);
    }
    return min > max ? [0, 0] : [min, max];
  };
  const says = (what: string, found: unknown, expected: unknown) =>
    JSON.stringify(found) === JSON.stringify(expected)
      ? []
      : [`${what} of its rows are ${JSON.stringify(found)}, and sealed_days says ${JSON.stringify(expected)}`];
  yield* says('the number and bounds of ids', [ids.size, ...least(ids)], [day.invocations, day.firstId, day.lastId]);
  yield* says('the number and bounds of seqs', [seqs.length, ...least(seqs)], [day.leaves, day.firstSeq, day.lastSeq]);
}
