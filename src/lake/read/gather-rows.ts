import type { Database } from 'better-sqlite3';
import { conditionsOf, PRESENT } from '../../archive/invocations/invocation-filter.ts';
import type { GatherRows } from '../../archive/sealed/gather-rows.ts';
import { SealedAgain } from '../../archive/sealed/sealed-again.ts';
import { SEALED_PARTS } from '../../archive/sealed/sealed-days.ts';
import { MOST_SEARCHED_DAYS, TooManySealedDays } from '../../archive/sealed/too-many-sealed-days.ts';
import { joined } from '../../db/condition.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { InvocationFilter } from '../../questions/filters.ts';
import type { DayFiles } from '../files/day-files.ts';
import type { LakePlace } from '../files/lake-files.ts';
import { createValueReader, type LakeRows } from '../restore/lake-rows.ts';
import { putRows } from '../restore/put-rows.ts';
import { shadowTables } from '../restore/shadow-tables.ts';
import type { LakeValue } from '../tables/lake-table.ts';
import { indexOutputs } from './cold-tables.ts';
import { keyOf, conditionsOf as lakeConditionsOf } from './conditions-of.ts';
import { copyHotRows } from './copy-hot-rows.ts';
import { daysToWalk } from './days-to-walk.ts';
import { keepReadTools, type ReadTools } from './open-read-tools.ts';
import { ORDER_OF_FILE, streamDay } from './stream-day.ts';
import type { WalkTools } from './walk-days.ts';

/** So many of the archive's own invocations are copied at a time. */
const AT_ONCE = 2000;

/**
 * Returns the function that gathers the rows of a question, of the archive and of the lake, and one that closes what it
 * opened. `fresh` is a connection to the archive outside of any transaction.
 */
export function openGatherer(fresh: Database, place: LakePlace | undefined): { gather: GatherRows; close(): void } {
  const { use, close } = keepReadTools(place, fresh);
  return { gather: (...question) => use((tools) => gatherRows(tools, ...question)), close };
}

async function gatherRows(
  { lake, openSame }: ReadTools,
  sqlite: Database,
  filter: InvocationFilter,
  { isOneEnough = false }: { isOneEnough?: boolean } = {},
): Promise<void> {
  const days = daysToWalk(sqlite, { filter, order: [], parts: SEALED_PARTS, atOnce: AT_ONCE });
  if (filter.q !== undefined && days.length > MOST_SEARCHED_DAYS) throw new TooManySealedDays(days.length);
  const hot = idsOf(sqlite, filter);
  shadowTables(sqlite);
  for (let from = 0; from < hot.length; from += AT_ONCE) copyHotRows(sqlite, hot.slice(from, from + AT_ONCE));
  for (const { sealed } of days) {
    const files = await openSame(sealed, ['invocations', ...SEALED_PARTS]);
    for await (const rows of sealedRows(sqlite, { lake, files, filter })) {
      putRows(sqlite, 'temp', rows);
      if (isOneEnough && filter.q === undefined && idsOf(sqlite, filter, 1).length > 0) return;
    }
    if (!(await files.areSame())) throw new SealedAgain(sealed.day);
  }
  if (filter.q !== undefined) indexOutputs(sqlite);
}

/** The ids of the invocations that a filter finds in the tables that its SQL names now. */
function idsOf(sqlite: Database, filter: InvocationFilter, limit = -1): number[] {
  const { sql, params } = joined([...conditionsOf(filter, PRESENT).values()]);
  return sqlite
    .prepare<unknown[], number>(`SELECT i.id FROM invocations i WHERE ${sql} ORDER BY i.id LIMIT ?`)
    .pluck()
    .all(...params, limit);
}

/** The invocations of a day that the filter may find, without those that the archive itself has, part by part. */
async function* sealedRows(
  sqlite: Database,
  { lake, files, filter }: { lake: WalkTools['lake']; files: DayFiles; filter: InvocationFilter },
): AsyncGenerator<LakeRows> {
  const isHot = prepareOnce<[number], unknown>(sqlite, 'SELECT 1 FROM main.invocations WHERE id = ?');
  const conditions = lakeConditionsOf(sqlite, filter, [files]);
  const query = { files, conditions, key: keyOf(filter), parts: SEALED_PARTS, order: ORDER_OF_FILE, atOnce: AT_ONCE };
  for await (const { invocations, ...parts } of streamDay(lake, query)) {
    if (!invocations) continue;
    const read = createValueReader(invocations.columns);
    const own = invocations.rows.filter((row) => isHot.get(Number(read(row, 'id'))) === undefined);
    if (own.length === 0) continue;
    const ids = new Set(own.map((row) => read(row, 'id')));
    yield { invocations: { ...invocations, rows: own }, ...rowsOf(parts, ids) };
  }
}

/** The rows that belong to these invocations. */
function rowsOf(parts: LakeRows, ids: ReadonlySet<LakeValue>): LakeRows {
  return Object.fromEntries(
    Object.entries(parts).map(([table, of]) => {
      const read = createValueReader(of?.columns ?? []);
      return [table, of && { ...of, rows: of.rows.filter((row) => ids.has(read(row, 'invocation_id'))) }];
    }),
  );
}
