import { join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { keepNamedOutputs } from '../../src/archive/prune/named-outputs.ts';
import { loadDuckDb } from '../../src/lake/parquet/load-duckdb.ts';
import { proveDays } from '../../src/lake/seal/prove-days.ts';
import { sealDay } from '../../src/lake/seal/seal-day.ts';
import type { SealDeps } from '../../src/lake/seal/seal-deps.ts';
import { openFolderStore } from '../../src/lake/store/folder-store.ts';
import type { ObjectStore } from '../../src/lake/store/object-store.ts';
import { bringIntoLedger } from '../../src/ledger/bring-in.ts';
import type { SimulatorOptions } from '../../src/simulator/start-simulator.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { startTrial, type Trial } from '../ingest/archive-trial.ts';
import { onTestEnd } from '../on-test-end.ts';

/** An archive with about a month of invocations, some days of which are sealed into a lake in a folder. */
export interface SealedArchive {
  trial: Trial;
  sqlite: Database;
  /** The folder of the lake. */
  lake: string;
  store: ObjectStore;
  /** What sealing needs, on a connection of its own. */
  deps: SealDeps;
  /** All days that have invocations, the earliest first; the archive was asked before any was sealed. */
  days: readonly string[];
  /** The sealed days. */
  sealed: readonly string[];
}

/** Collects from a simulated service, and seals the first days; with a negative number, all but so many. */
export async function sealedArchive({
  sealed = 3,
  beforeSeal = () => {},
  ...simulator
}: SimulatorOptions & { sealed?: number; beforeSeal?(sqlite: Database): void } = {}): Promise<SealedArchive> {
  const trial = await startTrial({ invocations: 300, longOutputShare: 0.1, ...simulator });
  const { sqlite } = trial.db;
  bringIntoLedger(sqlite);
  await trial.pass();
  const lake = join(tempFolder(), 'lake');
  const store = openFolderStore(lake);
  const deps = await sealDeps(sqlite.name, store);
  const days = daysOf(sqlite);
  beforeSeal(sqlite);
  for (const day of days.slice(0, sealed)) await sealDay(deps, day);
  await proveDays(deps);
  return { trial, sqlite, lake, store, deps, days, sealed: days.slice(0, sealed) };
}

/** Returns what sealing needs. The connection is closed when the test ends. */
export async function sealDeps(path: string, store: ObjectStore): Promise<SealDeps> {
  const sqlite = new SQLite(path, { fileMustExist: true, timeout: 30_000 });
  onTestEnd(() => void sqlite.close());
  return {
    ...{ sqlite, store, duckDb: await loadDuckDb(), folder: tempFolder() },
    now: () => new Date('2026-05-10T03:00:00.000Z'),
    ...{ sealAfterMs: 35 * 86_400_000, settlingMs: 15 * 60_000 },
    renew: () => {},
    origins: () => ['ssm-archive/0000000000000000'],
    ...keepNamedOutputs(sqlite),
  };
}

/** The days on which something was requested. */
export function daysOf(sqlite: Database): string[] {
  return sqlite
    .prepare<[], string>(
      'SELECT DISTINCT substr(requested_at, 1, 10) FROM invocations WHERE requested_at > 1 ORDER BY 1',
    )
    .pluck()
    .all();
}
