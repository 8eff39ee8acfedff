import type { Database } from 'better-sqlite3';
import {
  type PruneKind,
  type PruneSelection,
  selected,
  shownSince,
  whyItStays,
  withinDay,
} from '../../archive/prune/prunable.ts';
import { IS_IN_LAKE } from '../../archive/sealed/day-moves.ts';
import { readSealedDays, type SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import type { SealedDays } from '../../archive/sealed/sealed-days.ts';
import { dayAfter } from '../../lib/time.ts';
import { OF_DAY, spanOf } from '../tables/select-rows.ts';

/** What a selection takes of a sealed day. */
export interface PlannedDay {
  day: string;
  /**
   * `removed`: nothing of the day is left. `rewritten`: the day is sealed again without what goes. `stays`: nothing goes,
   * because something that was selected is held, or because all of it may still change.
   */
  how: 'removed' | 'rewritten' | 'stays';
  /** How many invocations the day has, and how many of them go, or would go. */
  invocations: number;
  goes: number;
  /** How many that were selected stay, and why. */
  held: number;
  unfinished: number;
  young: number;
}

export interface PlanQuery {
  kind: PruneKind;
  selection: PruneSelection;
  nowMs: number;
}

/** Rows are read so many at a time. */
const AT_ONCE = 10_000;

/**
 * Plans what happens to each sealed day of which a selection takes something, the earliest first. A hold on anything
 * that was selected of a day keeps the whole day. Reads the lake only where counts of the file do not suffice; rejects
 * with a sentence for the user if it can't be read.
 */
export async function planDays(
  sqlite: Database,
  sealedDays: SealedDays,
  query: PlanQuery,
  onDay?: (day: string) => void,
): Promise<PlannedDay[]> {
  const planned: PlannedDay[] = [];
  for (const sealed of daysOf(sqlite, query.selection)) {
    onDay?.(sealed.day);
    const counts = await countDay(sqlite, sealedDays, sealed, query);
    if (counts.goes + counts.held + counts.unfinished + counts.young > 0)
      planned.push({ day: sealed.day, how: howOf(counts, query.kind), ...counts });
  }
  return planned;
}

type Counts = Omit<PlannedDay, 'day' | 'how'>;

function howOf({ invocations, goes, held }: Counts, kind: PruneKind): PlannedDay['how'] {
  if (held > 0 || goes === 0) return 'stays';
  return kind === 'invocations' && goes === invocations ? 'removed' : 'rewritten';
}

/** Whether a selection takes all of a day by its times alone. */
export function takesAllOf(day: string, { requestedAfter = '', requestedBefore, ...others }: PruneSelection): boolean {
  if (Object.values(others).some((value) => value !== undefined)) return false;
  return requestedAfter <= startOf(day) && (requestedBefore === undefined || requestedBefore >= startOf(dayAfter(day)));
}

function daysOf(sqlite: Database, { requestedAfter = '', requestedBefore }: PruneSelection): SealedDay[] {
  return readSealedDays(sqlite).filter(
    ({ day }) =>
      startOf(dayAfter(day)) > requestedAfter && (requestedBefore === undefined || startOf(day) < requestedBefore),
  );
}

function startOf(day: string): string {
  return `${day}T00:00:00.000Z`;
}

async function countDay(
  sqlite: Database,
  sealedDays: SealedDays,
  sealed: SealedDay,
  query: PlanQuery,
): Promise<Counts> {
  const { day } = sealed;
  const counts = countHot(sqlite, sealed, query);
  if (sealed.isUnsealed) return counts;
  counts.invocations += sealed.invocations - countInBoth(sqlite, sealed);
  if (query.kind === 'invocations' && takesAllOf(day, query.selection) && isFree(sqlite, day, query.nowMs)) {
    counts.goes += sealed.invocations - countInBoth(sqlite, sealed);
    return counts;
  }
  const chosen = selected(query.kind, query.selection);
  const stays = whyItStays(query.kind, query.nowMs, { isSealedToo: true });
  const parts = ['plugins', 'revisions', 'full_outputs', 'earlier_outputs'] as const;
  const filter = withinDay(query.selection, day);
  const search = { filter, order: ORDER, parts: needsParts(query) ? parts : [], atOnce: AT_ONCE };
  for await (const batch of sealedDays.walk(sqlite, search)) {
    const rows = batch.sqlite
      .prepare<unknown[], { why: keyof Counts | null; n: number }>(
        `SELECT ${stays.sql} AS why, count(*) AS n FROM invocations i
          WHERE ${chosen.sql} AND i.requested_at >= ? AND i.requested_at < ?
            AND NOT EXISTS (SELECT 1 FROM main.invocations h WHERE h.id = i.id) GROUP BY 1`,
      )
      .all(...stays.params, ...chosen.params, startOf(day), startOf(dayAfter(day)));
    for (const { why, n } of rows) counts[why ?? 'goes'] += n;
  }
  return counts;
}

const ORDER = [
  { column: 'requested_at', isDescending: false },
  { column: 'id', isDescending: false },
] as const;

/** Filters on steps and on outputs, and whether outputs were pruned, need more than the invocations themselves. */
function needsParts({ kind, selection: { q, pluginName, responseCode } }: PlanQuery): boolean {
  return kind === 'outputs' || q !== undefined || pluginName !== undefined || responseCode !== undefined;
}

function countHot(sqlite: Database, { day }: SealedDay, { kind, selection, nowMs }: PlanQuery): Counts {
  const counts: Counts = { invocations: 0, goes: 0, held: 0, unfinished: 0, young: 0 };
  const chosen = selected(kind, selection);
  const stays = whyItStays(kind, nowMs, { isSealedToo: true });
  const [from, to] = [startOf(day), startOf(dayAfter(day))];
  const rows = sqlite
    .prepare<unknown[], { why: keyof Counts | null; n: number }>(
      `SELECT ${stays.sql} AS why, count(*) AS n FROM main.invocations i
        WHERE ${chosen.sql} AND i.requested_at >= ? AND i.requested_at < ? GROUP BY 1`,
    )
    .all(...stays.params, ...chosen.params, from, to);
  for (const { why, n } of rows) counts[why ?? 'goes'] += n;
  counts.invocations = Number(
    sqlite
      .prepare<[object], number>(`SELECT count(*) FROM main.invocations i WHERE ${OF_DAY}`)
      .pluck()
      .get(spanOf(day)),
  );
  return counts;
}

/** How many invocations of a day are in the lake and in the file. */
function countInBoth(sqlite: Database, { day }: SealedDay): number {
  return Number(
    sqlite
      .prepare<[object], number>(
        `SELECT count(*) FROM main.sealed_days s CROSS JOIN main.invocations i WHERE s.day = :day AND ${OF_DAY} AND ${IS_IN_LAKE}`,
      )
      .pluck()
      .get(spanOf(day)),
  );
}

/**
 * Whether nothing can keep an invocation that the lake alone has of a day: no hold is about that time, the service does
 * not show it any more, and passes follow no command that was sent by then. What has no end is in the file too.
 */
export function isFree(sqlite: Database, day: string, nowMs: number): boolean {
  if (startOf(dayAfter(day)) > shownSince(nowMs)) return false;
  const followed = sqlite
    .prepare<[object], unknown>(
      `SELECT 1 FROM main.unfinished_commands u JOIN main.sealed_commands s
         ON s.account_id = u.account_id AND s.region = u.region AND s.command_id = u.command_id AND s.invocations > 0
        WHERE u.forgotten_at IS NULL AND s.last_requested_at >= :day LIMIT 1`,
    )
    .get({ day });
  return followed === undefined && holdsOn(sqlite, day).length === 0;
}

/** The numbers of the holds in force that may be about something of a day. */
export function holdsOn(sqlite: Database, day: string): number[] {
  return sqlite
    .prepare<[object], number>(
      `SELECT id FROM main.holds WHERE released_at IS NULL
        AND coalesce(from_at < :to, true) AND coalesce(to_at > :from, true) ORDER BY id`,
    )
    .pluck()
    .all({ from: startOf(day), to: startOf(dayAfter(day)) });
}
