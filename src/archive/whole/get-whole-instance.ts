import type { Database } from 'better-sqlite3';
import { filterOfKey } from '../invocations/invocation-filter.ts';
import type { Position } from '../invocations/list-invocations.ts';
import { getInstance, type InstanceDetail } from '../nodes/get-instance.ts';
import type { InstanceKey } from '../nodes/list-instances.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { hasSealedDays } from './in-snapshot.ts';
import { listAllInvocations } from './list-all-invocations.ts';

/** A node with what the archive's file knows of it, and a page of all its invocations, those of sealed days too. */
export async function getWholeInstance(
  sqlite: Database,
  asked: { key: InstanceKey; limit: number; after?: Position | undefined },
  sealed: SealedDays,
): Promise<InstanceDetail | undefined> {
  const detail = getInstance(sqlite, asked);
  if (!detail || !hasSealedDays(sqlite)) return detail;
  const { key, limit, after } = asked;
  const page = await listAllInvocations(
    sqlite,
    { filter: filterOfKey(key), sort: 'requestedAt', isDescending: true, include: 'none', limit, after },
    sealed,
  );
  return { ...detail, ...page };
}
