import type { Database } from 'better-sqlite3';
import { listRuns, type RunView } from './list-runs.ts';

/** The pass with this id, or undefined. */
export function readRun(sqlite: Database, id: number): RunView | undefined {
  const [run] = listRuns(sqlite, { limit: 1, before: id + 1 }).items;
  return run?.id === id ? run : undefined;
}

/** The newest pass, or undefined. Only the newest one can be running. */
export function readNewestRun(sqlite: Database): RunView | undefined {
  return listRuns(sqlite, { limit: 1 }).items[0];
}
