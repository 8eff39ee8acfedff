import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { filterOfKey } from '../invocations/invocation-filter.ts';
import type { InstanceKey } from '../nodes/list-instances.ts';
import { listRecentRuns, type RecentRun } from '../nodes/list-recent-runs.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { hasSealedDays, inSnapshot } from './in-snapshot.ts';

const AT_ONCE = 500;

/** A node's newest runs of each document, of the archive and of sealed days, as listRecentRuns sorts them. */
export async function listAllRecentRuns(
  sqlite: Database,
  query: { key: InstanceKey; perDocument: number },
  sealed: SealedDays,
): Promise<RecentRun[]> {
  if (!hasSealedDays(sqlite)) return listRecentRuns(sqlite, query);
  const { key, perDocument } = query;
  return inSnapshot(sqlite, async () => {
    const found = listRecentRuns(sqlite, query);
    const isHot = prepareOnce<[object], unknown>(
      sqlite,
      `SELECT 1 FROM main.invocations WHERE command_id = :commandId AND account_id = :accountId AND region = :region
        AND instance_id = :instanceId`,
    );
    const batches = sealed.walk(sqlite, {
      filter: filterOfKey(key),
      order: [
        { column: 'requested_at', isDescending: true },
        { column: 'id', isDescending: true },
      ],
      ...{ parts: ['plugins'], atOnce: AT_ONCE },
    });
    for await (const batch of batches)
      for (const run of listRecentRuns(batch.sqlite, query))
        if (isHot.get({ ...key, commandId: run.commandId }) === undefined) found.push(run);
    return newestOf(found, perDocument);
  });
}

/** The newest runs of each document, sorted by document, then oldest first. Equal times stay in their order. */
function newestOf(runs: readonly RecentRun[], perDocument: number): RecentRun[] {
  const byDocument = new Map<string | null, RecentRun[]>();
  for (const run of runs) byDocument.set(run.documentName, [...(byDocument.get(run.documentName) ?? []), run]);
  return [...byDocument]
    .sort(([a], [b]) => compare(a ?? '', b ?? ''))
    .flatMap(([, ofDocument]) =>
      ofDocument.sort((a, b) => compare(a.requestedAt ?? '', b.requestedAt ?? '')).slice(-perDocument),
    );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
