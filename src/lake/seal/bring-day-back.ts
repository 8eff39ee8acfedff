import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { countBack } from '../../archive/sealed/count-gone.ts';
import { readSealedDay, type SealedObject } from '../../archive/sealed/read-sealed-days.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { digestOfFile } from '../../lib/files/digest-of-file.ts';
import { dayParts } from '../restore/day-parts.ts';
import type { LakeRows, RowsOfTable } from '../restore/lake-rows.ts';
import { putRows } from '../restore/put-rows.ts';
import type { SealDeps } from './seal-deps.ts';

/** Writing so many invocations takes some hundredths of a second, and other writers wait no longer than that. */
const AT_ONCE = 500;

/** An object of the lake is missing, or is not the one that the ledger names. */
export class LakeDamaged extends UserFault {
  override name = 'LakeDamaged';
}

/**
 * Brings the rows of a sealed day back from the lake, in small transactions, and returns how many invocations came.
 * Those that are in SQLite stay as they are. Only when all are there does the day count as unsealed: if we crash
 * before, the next run removes again what came back, and nothing in the lake was replaced.
 */
export async function bringDayBack(deps: SealDeps, day: string): Promise<number> {
  const { sqlite, signal } = deps;
  const sealed = readSealedDay(sqlite, day);
  if (!sealed || sealed.isUnsealed || sealed.prunedSeq !== null) return 0;
  const folder = await mkdtemp(join(deps.folder, 'unsealing-'));
  try {
    const paths = await fetchObjects(deps, folder, sealed.objects);
    let back = 0;
    for await (const part of dayParts(paths, AT_ONCE)) {
      if (signal?.aborted) return back;
      back += inTransaction(deps, () => putPart(sqlite, part));
      deps.onStep?.({ step: 'back', day, invocations: back });
      await setImmediate();
    }
    inTransaction(deps, () =>
      prepareOnce<[string], never>(sqlite, 'UPDATE sealed_days SET is_unsealed = 1 WHERE day = ?').run(day),
    );
    return back;
  } finally {
    // Their earlier states name outputs, which must not go with the next row that names them too.
    deps.resetNamed();
    await rm(folder, { recursive: true, force: true });
  }
}

function inTransaction<Result>({ sqlite, now, renew }: SealDeps, work: () => Result): Result {
  return sqlite
    .transaction(() => {
      renew(now().getTime());
      return work();
    })
    .immediate();
}

/** Fetches objects into a folder, and returns their paths by the names of their tables. Throws LakeDamaged. */
export async function fetchObjects(
  { store }: Pick<SealDeps, 'store'>,
  folder: string,
  objects: readonly Pick<SealedObject, 'table' | 'key' | 'sha256'>[],
): Promise<Record<string, string>> {
  const paths: Record<string, string> = {};
  for (const { table, key, sha256 } of objects) {
    const path = join(folder, `${table}.parquet`);
    const isThere = await store.get(key, path);
    if (!isThere || (await digestOfFile(path)) !== sha256)
      throw new LakeDamaged(
        `${key} in the lake ${store.name} is ${isThere ? 'not the object that this archive put there' : 'missing'}. Put it back from a copy of the lake; "ssm-archive verify --lake" says what else is wrong.`,
      );
    paths[table] = path;
  }
  return paths;
}

function putPart(sqlite: Database, part: LakeRows): number {
  const isHot = prepareOnce<[number], unknown>(sqlite, 'SELECT 1 FROM main.invocations WHERE id = ?');
  const ids = part.invocations ? idsOf(part.invocations, 'id') : [];
  const gone = new Set(ids.filter((id) => isHot.get(id) === undefined));
  const without = Object.entries(part).map(([table, of]): [string, RowsOfTable | undefined] => {
    if (!of) return [table, of];
    const ofRows = idsOf(of, table === 'invocations' ? 'id' : 'invocation_id');
    return [table, { columns: of.columns, rows: of.rows.filter((_, n) => gone.has(ofRows[n] ?? 0)) }];
  });
  putRows(sqlite, 'main', Object.fromEntries(without));
  countBack(sqlite, [...gone]);
  return gone.size;
}

function idsOf({ columns, rows }: RowsOfTable, column: string): number[] {
  const at = columns.indexOf(column);
  return rows.map((row) => Number(row[at]));
}
