import type { Database } from 'better-sqlite3';
import {
  createItemWriter,
  type ExportQuery,
  exportInvocations,
  openExport,
  writeRows,
} from '../invocations/export-invocations.ts';
import type { ListingQuery } from '../invocations/list-invocations.ts';
import { readFloor } from '../sealed/read-floor.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { inSnapshot } from './in-snapshot.ts';
import { walkInvocations } from './walk/walk-invocations.ts';

const ROWS_AT_ONCE = 500;

/** Exports what exportInvocations exports, of the archive and of sealed days, in the same order and form. */
export async function exportAllInvocations(
  sqlite: Database,
  query: ExportQuery,
  { push }: { push(chunk: Uint8Array): void },
  sealed: SealedDays,
): Promise<number> {
  const floor = readFloor(sqlite);
  if (floor === undefined) return exportInvocations(sqlite, query, { push });
  const { writer, count } = openExport(query, push);
  const write = createItemWriter(query, writer);
  const below = async (part: ListingQuery, end?: string) => {
    for await (const { row } of walkInvocations(sqlite, part, sealed, { isOnePage: false, isWhole: true })) {
      if (end !== undefined && row.requestedAt !== null && row.requestedAt >= end) return;
      write(row);
    }
  };
  return inSnapshot(sqlite, async () => {
    const { sort, isDescending, asOf, after, filter } = query;
    const listed: ListingQuery = { ...query, limit: ROWS_AT_ONCE };
    if (sort !== 'requestedAt' || asOf !== undefined || after !== undefined) await below(listed);
    else {
      // Above the floor, the archive has everything: it writes its rows in one go.
      const edge = `${floor}T00:00:00.000Z`;
      const { requestedAfter = edge } = filter;
      const above = { ...query, filter: { ...filter, requestedAfter: requestedAfter > edge ? requestedAfter : edge } };
      if (isDescending) {
        writeRows(sqlite, above, writer);
        // No invocation has the id 0: what follows is what was requested before the floor, or at no time.
        await below({ ...listed, after: [edge, 0] });
      } else {
        await below(listed, edge);
        writeRows(sqlite, above, writer);
      }
    }
    writer.end();
    return count();
  });
}
