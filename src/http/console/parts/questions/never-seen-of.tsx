import type { Child } from 'hono/jsx';
import type { OpenFilter } from '../../../../questions/filters.ts';
import type { ConsoleContext, ConsoleDeps } from '../../console-deps.ts';
import { NeverSeen } from './never-seen.tsx';
import { readUnseen } from './read-unseen.ts';

interface Key {
  accountId: string;
  region: string;
  commandId?: string;
  instanceId?: string;
}

/**
 * Shown if the archive does not have what an address names: the values in the address that the archive does not have,
 * with links to the pages of similar ones.
 */
export async function neverSeenOf<Thing extends Key>(
  c: ConsoleContext,
  deps: ConsoleDeps,
  key: Thing,
  pathOf: (key: Thing) => string,
): Promise<Child> {
  const { accountId: account, region, commandId, instanceId } = key;
  const unseen = await readUnseen(c, deps, { account, region, commandId, instanceId });
  const pathWith = (filter: OpenFilter, value: string) =>
    pathOf({ ...key, [filter === 'account' ? 'accountId' : filter]: value });
  return <NeverSeen unseen={unseen} pathOf={pathWith} />;
}
