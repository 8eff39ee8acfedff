import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { comparePositions, type KeyOrder } from '../../lib/keyset.ts';
import { filterOfKey } from '../invocations/invocation-filter.ts';
import { listRecentRuns, type RecentRun, type RecentRunsQuery, readRecentRuns } from '../nodes/list-recent-runs.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { hasSealedDays, inSnapshot } from './in-snapshot.ts';

const AT_ONCE = 500;

/** A node's newest runs of each document, of the archive and of sealed days, as listRecentRuns sorts them. */
export async function listAllRecentRuns(
  sqlite: Database,
  query: RecentRunsQuery,
  sealed: SealedDays,
): Promise<RecentRun[]> {
  if (!hasSealedDays(sqlite)) return listRecentRuns(sqlite, query);
  const { key, perDocument } = query;
  const { accountId, region, instanceId } = key;
  return inSnapshot(sqlite, async () => {
    const found = readRecentRuns(sqlite, query);
    const isHot = prepareOnce<[number], unknown>(sqlite, 'SELECT 1 FROM main.invocations WHERE id = ?');
    const batches = sealed.walk(sqlite, {
      filter: filterOfKey({ accountId, region, instanceId }),
      order: [
        { column: 'requested_at', isDescending: true },
        { column: 'id', isDescending: true },
      ],
      ...{ parts: ['plugins'], atOnce: AT_ONCE },
    });
    for await (const batch of batches)
      for (const run of readRecentRuns(batch.sqlite, query)) if (isHot.get(run.id) === undefined) found.push(run);
    return newestOf(found, perDocument);
  });
}

const ORDER: KeyOrder = [{ sql: 'document_name' }, { sql: 'requested_at' }, { sql: 'id' }];

/** The newest runs of each document, sorted by document, then oldest first. */
function newestOf(runs: readonly (RecentRun & { id: number })[], perDocument: number): RecentRun[] {
  const placeOf = ({ documentName, requestedAt, id }: RecentRun & { id: number }) => [documentName, requestedAt, id];
  const sorted = [...runs].sort((a, b) => comparePositions(ORDER, placeOf(a), placeOf(b)));
  const isKept = (n: number) => {
    const later = sorted[n + perDocument];
    return later === undefined || later.documentName !== sorted[n]?.documentName;
  };
  return sorted.filter((_, n) => isKept(n)).map(({ id: _, ...run }) => run);
}
