import type { Database } from 'better-sqlite3';
import type { CsvForm } from '../../lib/csv/csv.ts';
import type { CommandPosition } from '../commands/list-commands.ts';
import { type ExportedList, exportList, openListExport } from '../exports/export-list.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { hasSealedDays, inSnapshot } from './in-snapshot.ts';
import { listAllCommands } from './list-all-commands.ts';

const ROWS_AT_ONCE = 100;

/**
 * Exports what exportList exports. Only commands as of a past time are made of invocations, also of those of sealed days.
 */
export async function exportAllList(
  sqlite: Database,
  asked: ExportedList & { format: 'csv' | 'ndjson'; csvForm: CsvForm },
  { push }: { push(chunk: Uint8Array): void },
  sealed: SealedDays,
): Promise<number> {
  if (asked.list !== 'commands' || asked.query.asOf === undefined || !hasSealedDays(sqlite))
    return exportList(sqlite, asked, { push });
  const { query } = asked;
  const writer = openListExport(asked, push);
  return inSnapshot(sqlite, async () => {
    let after: CommandPosition | undefined;
    do {
      const { items, next } = await listAllCommands(sqlite, { ...query, limit: ROWS_AT_ONCE, after }, sealed);
      for (const item of items) writer.add(item);
      after = next;
    } while (after);
    return writer.end();
  });
}
