import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { ObservedInvocation, SourceKey } from '../../model/observed-invocation.ts';
import { hasGone } from './count-gone.ts';
import type { FindSealed, KeyInLake, SealedInvocation } from './sealed-invocations.ts';

/**
 * Looks in the lake for the invocations of a reply that the file does not have, if the lake has invocations of their
 * commands. The service may have changed the day of an invocation since it was sealed, so the day decides nothing.
 * Resolves with what was found, by the place in the reply; undefined for those that the lake does not have either.
 */
export async function findLate(
  sqlite: Database,
  find: FindSealed,
  { source, observed }: { source: SourceKey; observed: readonly ObservedInvocation[] },
): Promise<Map<number, SealedInvocation | undefined>> {
  if (!prepareOnce(sqlite, 'SELECT 1 FROM sealed_days LIMIT 1').get()) return new Map();
  const isHot = prepareOnce<unknown[], unknown>(
    sqlite,
    'SELECT 1 FROM invocations WHERE command_id = ? AND account_id = ? AND region = ? AND instance_id = ?',
  );
  const keys = new Map<number, KeyInLake>();
  for (const [place, { commandId, instanceId, normalize }] of observed.entries()) {
    const { accountId, region } = source;
    if (isHot.get(commandId, accountId, region, instanceId) || !hasGone(sqlite, source, { commandId })) continue;
    keys.set(place, { accountId, region, commandId, instanceId, day: normalize().requestedAt?.slice(0, 10) });
  }
  const found = keys.size === 0 ? [] : await find([...keys.values()]);
  return new Map([...keys.keys()].map((place, n) => [place, found[n]]));
}
