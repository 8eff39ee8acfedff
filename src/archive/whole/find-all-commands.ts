import type { Database } from 'better-sqlite3';
import { type CommandSearch, type FoundCommands, findCommands } from '../commands/find-commands.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { hasSealedDays, inSnapshot } from './in-snapshot.ts';

const AT_ONCE = 5000;

/** A page of commands. If a node is asked for, its invocations of sealed days name commands too. */
export async function findAllCommands(
  sqlite: Database,
  search: CommandSearch,
  sealed: SealedDays,
): Promise<FoundCommands> {
  const { accountId, region, commandId, instanceId } = search;
  if (instanceId === undefined || !hasSealedDays(sqlite)) return findCommands(sqlite, search);
  return inSnapshot(sqlite, async () => {
    const sentTo = new Set<string>();
    const batches = sealed.walk(sqlite, {
      filter: { account: accountId, region, instanceId, commandId },
      order: [
        { column: 'requested_at', isDescending: true },
        { column: 'id', isDescending: true },
      ],
      ...{ parts: [], atOnce: AT_ONCE },
    });
    for await (const batch of batches) {
      const found = batch.sqlite.prepare<[], string>('SELECT DISTINCT command_id FROM invocations').pluck().all();
      for (const id of found) sentTo.add(id);
    }
    return findCommands(sqlite, { ...search, sentTo: [...sentTo] });
  });
}
