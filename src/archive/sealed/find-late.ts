import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { ObservedInvocation, SourceKey } from '../../model/observed-invocation.ts';
import type { FindSealed, KeyOnSealedDay, SealedInvocation } from './sealed-invocations.ts';

/**
 * Looks in the lake for the invocations of a reply whose day is sealed and that the file does not have. Resolves with
 * what was found, by the place in the reply; undefined for those that the lake does not have either. Without a sealed
 * day, nothing is looked for.
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
  const isSealed = prepareOnce<[string], unknown>(sqlite, 'SELECT 1 FROM sealed_days WHERE day = ?');
  const keys = new Map<number, KeyOnSealedDay>();
  for (const [place, { commandId, instanceId, normalize }] of observed.entries()) {
    const { accountId, region } = source;
    if (isHot.get(commandId, accountId, region, instanceId)) continue;
    const day = normalize().requestedAt?.slice(0, 10);
    if (day !== undefined && isSealed.get(day)) keys.set(place, { accountId, region, commandId, instanceId, day });
  }
  const found = keys.size === 0 ? [] : await find([...keys.values()]);
  return new Map([...keys.keys()].map((place, n) => [place, found[n]]));
}
