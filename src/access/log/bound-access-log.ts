import type { Logger } from '../../lib/logger.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Now, sleep } from '../../lib/time.ts';
import type { AccessDb } from './open-access-db.ts';
import { oldestDay, type RemovalReason, removeOldestDay, unfinishedRemoval } from './remove-day.ts';

/** How many days a row is kept, and how large the file may be. */
export interface AccessLogBounds {
  days: number;
  bytes: number;
}

export interface BoundAccessLogDeps {
  accessDb: AccessDb;
  now: Now;
  log: Logger;
}

/** Above this share of its size limit, the log removes days to make room for new requests. */
const FULL = 0.9;
/**
 * This many of the newest days are never removed to save space: otherwise somebody could erase earlier requests by
 * sending many new ones.
 */
const DAYS_THAT_STAY = 7;
/** The room that a removal itself may need beyond the limit if the file is full. */
const SPARE_PAGES = 256;
/**
 * Empty pages up to this share of the file stay for new rows. The others are given back to the disk, some at a time.
 */
const EMPTY = 0.25;
const PAGES_AT_ONCE = 200;
const PAUSE_MS = 20;
const INCREMENTAL = 2;

/**
 * Keeps the log within its limits while the server runs: each minute it removes the oldest days if needed, and SQLite
 * refuses a row that would make the file too large. If a row is refused, the answer to its request is not sent.
 */
export function boundAccessLog(deps: BoundAccessLogDeps, bounds: AccessLogBounds): { close(): Promise<void> } {
  const ended = new AbortController();
  limitFile(deps.accessDb, bounds);
  const running = keepBounded({ ...deps, signal: ended.signal }, bounds);
  return {
    close() {
      ended.abort();
      return running;
    },
  };
}

async function keepBounded(deps: BoundAccessLogDeps & { signal: AbortSignal }, bounds: AccessLogBounds): Promise<void> {
  const { log, signal } = deps;
  let ageAtMs = performance.now();
  let wasFull = false;
  while (!signal.aborted) {
    // A clock that is wrong for an hour must not empty the log, so only one day at a time is removed for its age.
    const isAgeDue = performance.now() >= ageAtMs;
    if (isAgeDue) ageAtMs = performance.now() + HOUR_MS;
    try {
      const { isFull } = await letDaysGo(deps, bounds, { isAgeDue });
      if (isFull && !wasFull) log.warn(bounds, `${NEARLY_FULL} ${WAYS_OUT}`);
      wasFull = isFull;
    } catch (error) {
      log.error({ err: error }, 'Nothing can be removed from the access log. The next try is in a minute.');
    }
    await sleep(MINUTE_MS, signal);
  }
}

const NEARLY_FULL = `The access log has nearly reached its size limit, and nothing in it is old enough to be removed (${DAYS_THAT_STAY} days).`;
const WAYS_OUT =
  'Once it is full, the server gives no more answers. Raise SSM_ARCHIVE_ACCESS_LOG_BYTES, and look in the log for the callers with the most requests.';

/**
 * Removes the days that must go now, and returns whether the log is still nearly full. At most one day is removed for
 * its age.
 */
export async function letDaysGo(
  deps: BoundAccessLogDeps & { signal?: AbortSignal | undefined },
  bounds: AccessLogBounds,
  { isAgeDue }: { isAgeDue: boolean },
): Promise<{ isFull: boolean }> {
  const { accessDb, now, log, signal } = deps;
  const write: AccessDb['write'] = (work) => {
    limitFile(accessDb, bounds, SPARE_PAGES);
    try {
      return accessDb.write(work);
    } finally {
      limitFile(accessDb, bounds);
    }
  };
  let mayAge = isAgeDue;
  while (!signal?.aborted) {
    const reason = reasonToLetGo(deps, bounds, mayAge);
    if (reason === undefined) break;
    if (reason === 'age') mayAge = false;
    const removal = await removeOldestDay({ accessDb, now, signal, write }, reason);
    if (removal) log.info(removal, 'A day was removed from the access log.');
  }
  await giveSpaceBack(accessDb, signal);
  return { isFull: isNearlyFull(accessDb, bounds) };
}

function reasonToLetGo(
  { accessDb, now }: BoundAccessLogDeps,
  bounds: AccessLogBounds,
  mayAge: boolean,
): RemovalReason | undefined {
  const begun = unfinishedRemoval(accessDb);
  if (begun) return begun.reason;
  const day = oldestDay(accessDb);
  const isBefore = (days: number) =>
    day !== undefined && day < new Date(now().getTime() - days * DAY_MS).toISOString().slice(0, 10);
  if (mayAge && isBefore(bounds.days)) return 'age';
  return isBefore(DAYS_THAT_STAY) && isNearlyFull(accessDb, bounds) ? 'size' : undefined;
}

interface Size {
  pageBytes: number;
  pages: number;
  emptyPages: number;
  autoVacuum: number;
}

function sizeOf(accessDb: AccessDb): Size {
  const size = accessDb
    .prepare<[], Size>(
      `SELECT page_size AS pageBytes, page_count AS pages, freelist_count AS emptyPages, auto_vacuum AS autoVacuum
         FROM pragma_page_size, pragma_page_count, pragma_freelist_count, pragma_auto_vacuum`,
    )
    .get();
  if (!size) throw new Error('The size of the access log cannot be read.');
  return size;
}

function isNearlyFull(accessDb: AccessDb, { bytes }: AccessLogBounds): boolean {
  const { pageBytes, pages, emptyPages } = sizeOf(accessDb);
  return (pages - emptyPages) * pageBytes > FULL * bytes;
}

/** A file that is already larger than the limit does not grow. */
function limitFile(accessDb: AccessDb, { bytes }: AccessLogBounds, more = 0): void {
  const pages = Math.floor(bytes / sizeOf(accessDb).pageBytes) + more;
  accessDb.exec(`PRAGMA max_page_count = ${pages}`);
}

/** Has no effect on a file of an earlier version: such a file keeps its size, and its empty pages are used again. */
async function giveSpaceBack(accessDb: AccessDb, signal: AbortSignal | undefined): Promise<void> {
  for (let size = sizeOf(accessDb); size.autoVacuum === INCREMENTAL && !signal?.aborted; ) {
    if (size.emptyPages <= size.pages * EMPTY) return;
    accessDb.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`);
    const { emptyPages } = sizeOf(accessDb);
    if (emptyPages >= size.emptyPages) return;
    size = sizeOf(accessDb);
    await sleep(PAUSE_MS, signal);
  }
}
