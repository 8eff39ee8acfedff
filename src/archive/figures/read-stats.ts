import type { Database } from 'better-sqlite3';
import { type Condition, joined } from '../../db/condition.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { MAY_HAVE_RUN } from '../../db/sql/skipped-sql.ts';
import { STEP_DURATION_MS } from '../../db/sql/step-duration.ts';
import type { InvocationFilter } from '../../questions/filters.ts';
import { type ConditionName, conditionsOf, PRESENT, stepCondition } from '../invocations/invocation-filter.ts';
import { wholeFrom } from '../sealed/whole-from.ts';

/**
 * A member that invocations can be counted by: its SQL over a row `i` of invocations (or `p` of plugins), and its SQL
 * over a row `i` of daily_counts, if that table has the member.
 */
const GROUPS = {
  day: { sql: 'substr(i.requested_at, 1, 10)', daily: 'i.day' },
  hour: { sql: 'substr(i.requested_at, 1, 13)', daily: undefined },
  week: { sql: `strftime('%G-W%V', i.requested_at)`, daily: `strftime('%G-W%V', i.day)` },
  month: { sql: 'substr(i.requested_at, 1, 7)', daily: 'substr(i.day, 1, 7)' },
  account: { sql: 'i.account_id', daily: 'i.account_id' },
  region: { sql: 'i.region', daily: 'i.region' },
  document: { sql: 'i.document_name', daily: 'i.document_name' },
  instance: { sql: 'i.instance_id', daily: undefined },
  status: { sql: 'i.status', daily: 'i.status' },
  statusDetails: { sql: 'i.status_details', daily: 'i.status_details' },
  plugin: { sql: 'p.name', daily: undefined },
} as const;

export type StatsGroup = keyof typeof GROUPS;

export const STATS_GROUPS = Object.keys(GROUPS).filter((name): name is StatsGroup => name in GROUPS);

export interface StatsQuery {
  filter: InvocationFilter;
  /** The one or two members that form the groups. */
  groupBy: readonly StatsGroup[];
  /** Adds p50Ms, p95Ms (interpolated between two durations, to the millisecond) and maxMs of the steps. */
  withDurations: boolean;
}

/** The groups' values by name; `count`; `skipped` if steps are counted; the durations if they were requested. */
export type StatsRow = Record<string, string | number | null>;

const DAY_FILTERS: readonly ConditionName[] = [
  'account',
  'region',
  'documentName',
  'status',
  'requestedAfter',
  'requestedBefore',
];

/**
 * Counts invocations by group, sorted by the groups. If one group is `plugin`, counts steps: `count` has the steps that
 * ran, `skipped` the steps that the agent skipped. For whole days, daily counts are summed if daily_counts has the
 * needed columns. Everything else is counted row by row.
 */
export function readStats(sqlite: Database, query: StatsQuery): StatsRow[] {
  return sqlite.transaction(() => (isDaily(query) ? countDays(sqlite, query) : countRows(sqlite, query)))();
}

/** Whether daily counts have all that a question asks, so that whole days need no rows. */
export function isDaily({ filter, groupBy, withDurations }: StatsQuery): boolean {
  const asked = [...conditionsOf(filter, PRESENT).keys()];
  return (
    !withDurations &&
    groupBy.every((name) => GROUPS[name].daily) &&
    asked.every((member) => DAY_FILTERS.includes(member))
  );
}

function countRows(sqlite: Database, { filter, groupBy, withDurations }: StatsQuery): StatsRow[] {
  const ofSteps = groupBy.includes('plugin') || withDurations;
  const step = ofSteps ? stepCondition(filter) : undefined;
  const { sql, params } = joined([...conditionsOf(filter, PRESENT).values(), ...(step ? [step] : [])]);
  const counted = groupBy.includes('plugin')
    ? `count(*) FILTER (WHERE ${MAY_HAVE_RUN}) AS count, count(*) FILTER (WHERE p.is_skipped = 1) AS skipped`
    : `count(${ofSteps ? 'DISTINCT i.id' : '*'}) AS count`;
  const percentile = (fraction: number) => `CAST(round(percentile_cont(${STEP_DURATION_MS}, ${fraction})) AS INTEGER)`;
  const durations = withDurations
    ? `, ${percentile(0.5)} AS p50Ms, ${percentile(0.95)} AS p95Ms, max(${STEP_DURATION_MS}) AS maxMs`
    : '';
  // Unless steps are counted, an invocation without steps is counted too.
  const join = groupBy.includes('plugin') ? 'JOIN' : 'LEFT JOIN';
  const from = `main.invocations i${ofSteps ? ` ${join} main.plugins p ON p.invocation_id = i.id` : ''}`;
  return prepareOnce<unknown[], StatsRow>(
    sqlite,
    `SELECT ${groupBy.map((name) => `${GROUPS[name].sql} AS "${name}"`).join(', ')}, ${counted}${durations}
       FROM ${from} WHERE ${sql} GROUP BY ${places(groupBy)} ORDER BY ${places(groupBy)}`,
  ).all(...params);
}

function countDays(sqlite: Database, { filter, groupBy }: StatsQuery): StatsRow[] {
  const { requestedAfter, requestedBefore, ...others } = filter;
  const days = wholeDays(requestedAfter, requestedBefore);
  if (!days) return countRows(sqlite, { filter, groupBy, withDurations: false });
  const parts = [dailyPart(others, days, groupBy)];
  if (requestedAfter !== undefined && days.from !== undefined && requestedAfter < startOf(days.from)) {
    parts.push(rowsPart({ ...others, requestedAfter, requestedBefore: startOf(days.from) }, groupBy));
  }
  if (requestedBefore !== undefined && days.before !== undefined && requestedBefore > startOf(days.before)) {
    parts.push(rowsPart({ ...others, requestedAfter: startOf(days.before), requestedBefore }, groupBy));
  }
  const names = groupBy.map((name) => `"${name}"`).join(', ');
  return prepareOnce<unknown[], StatsRow>(
    sqlite,
    `SELECT ${names}, sum(count) AS count FROM (${parts.map(({ sql }) => sql).join(' UNION ALL ')})
      GROUP BY ${places(groupBy)} HAVING sum(count) > 0 ORDER BY ${places(groupBy)}`,
  ).all(...parts.flatMap(({ params }) => params));
}

function dailyPart(filter: InvocationFilter, days: Days, groupBy: readonly StatsGroup[]): Condition {
  const conditions = [...conditionsOf(filter, PRESENT).values()];
  if (days.from !== undefined) conditions.push({ sql: 'i.day >= ?', params: [days.from] });
  if (days.before !== undefined) conditions.push({ sql: 'i.day < ?', params: [days.before] });
  const { sql, params } = joined(conditions);
  const columns = groupBy.map((name) => `${GROUPS[name].daily} AS "${name}"`).join(', ');
  return { sql: `SELECT ${columns}, i.invocations AS count FROM main.daily_counts i WHERE ${sql}`, params };
}

/** The hours before and after the whole days: at most two days' rows, found by their request time. */
function rowsPart(filter: InvocationFilter, groupBy: readonly StatsGroup[]): Condition {
  const { sql, params } = joined([...conditionsOf(filter, PRESENT).values()]);
  const columns = groupBy.map((name) => `${GROUPS[name].sql} AS "${name}"`).join(', ');
  const from = 'main.invocations i INDEXED BY invocations_requested_at';
  return {
    sql: `SELECT ${columns}, count(*) AS count FROM ${from} WHERE ${sql} GROUP BY ${places(groupBy)}`,
    params,
  };
}

/**
 * The first day from which the statistics are whole; undefined if nothing is missing. Whole days that `daily_counts`
 * counted are never missing anything.
 */
export function statsWholeFrom(sqlite: Database, query: StatsQuery): string | undefined {
  const { requestedAfter, requestedBefore } = query.filter;
  const days = isDaily(query) ? wholeDays(requestedAfter, requestedBefore) : undefined;
  if (!days) return wholeFrom(sqlite, requestedAfter);
  // The hours before and after the whole days are counted row by row.
  const isCut = (time: string | undefined, day: string | undefined) =>
    time !== undefined && day !== undefined && time !== startOf(day) && wholeFrom(sqlite, time) !== undefined;
  return isCut(requestedAfter, days.from) || isCut(requestedBefore, days.before) ? wholeFrom(sqlite) : undefined;
}

interface Days {
  from: string | undefined;
  before: string | undefined;
}

/**
 * The whole days within a span; undefined if it contains no whole day. If the span has no start or no end, the result
 * has none either.
 */
function wholeDays(after: string | undefined, before: string | undefined): Days | undefined {
  const from = after === undefined ? undefined : after === startOf(dayOf(after)) ? dayOf(after) : dayAfter(after);
  const until = before === undefined ? undefined : dayOf(before);
  if (from !== undefined && until !== undefined && from >= until) return undefined;
  return { from, before: until };
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}

function startOf(day: string): string {
  return `${day}T00:00:00.000Z`;
}

function dayAfter(time: string): string {
  const day = new Date(`${dayOf(time)}T00:00:00.000Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return dayOf(day.toISOString());
}

function places(groupBy: readonly StatsGroup[]): string {
  return groupBy.map((_, n) => n + 1).join(', ');
}
