import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { listIntents } from '../seal/seal-intents.ts';
import type { ForgetDeps } from './forget-deps.ts';

/** An object that is to go from the lake. */
export interface Removal {
  key: string;
  /** The SHA-256 of the version that stays; null if none stays. */
  keepSha256: string | null;
  /** The SHA-256s of what goes. */
  gone: readonly string[];
}

/** Returns what is to go from the lake and has not gone yet. */
export function listRemovals(sqlite: Database): Removal[] {
  return prepareOnce<[], Omit<Removal, 'gone'> & { goneJson: string }>(
    sqlite,
    'SELECT key, keep_sha256 AS keepSha256, gone_json AS goneJson FROM main.lake_removals ORDER BY key',
  )
    .all()
    .map(({ goneJson, ...row }) => ({ ...row, gone: z.array(z.string()).parse(JSON.parse(goneJson)) }));
}

/**
 * Removes from the lake what was pruned, in all its versions, and the copies of it on this machine. Returns how many
 * versions went. If it is interrupted, the next run goes on. Rejects with LakeFault if the lake keeps something.
 */
export async function removeObjects({
  sqlite,
  store,
  dropCopies,
  signal,
  onStep,
}: Pick<ForgetDeps, 'sqlite' | 'store' | 'dropCopies' | 'signal' | 'onStep'>): Promise<number> {
  let versions = 0;
  for (const { key, keepSha256, gone } of listRemovals(sqlite)) {
    if (signal?.aborted) break;
    // A seal that was interrupted may have put the next version there: the next seal of the day names it.
    if (keepSha256 !== null && isBeingPut(sqlite, key)) continue;
    versions += await store.remove(key, keepSha256 ?? undefined);
    for (const sha256 of gone) await dropCopies(sha256);
    prepareOnce(sqlite, 'DELETE FROM lake_removals WHERE key = ? AND keep_sha256 IS ?').run(key, keepSha256);
    onStep?.({ step: 'gone', day: dayOf(key), key });
  }
  return versions;
}

function isBeingPut(sqlite: Database, key: string): boolean {
  return listIntents(sqlite).some(({ day, generation, objects }) => {
    const isCommitted = (readSealedDay(sqlite, day)?.generation ?? 0) >= generation;
    return !isCommitted && objects.some((object) => object.key === key);
  });
}

/** The day or month of which an object is. */
function dayOf(key: string): string {
  return /(?:day|month)=([^/]+)/.exec(key)?.[1] ?? key;
}
