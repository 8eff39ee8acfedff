import { type Condition, joined } from '../../db/condition.ts';
import { FINAL_LIST } from '../../db/sql/final-sql.ts';
import { DAY_MS, dayAfter, isoFromMs } from '../../lib/time.ts';
import { RETENTION_MS } from '../../model/coverage/retention.ts';
import type { InvocationFilter } from '../../questions/filters.ts';
import { conditionsOf, PRESENT } from '../invocations/invocation-filter.ts';
import { IS_LEFT_BEHIND } from '../sealed/day-moves.ts';
import { IS_WITHOUT_OUTPUTS } from '../shared/without-outputs.ts';

/** What is removed: invocations with everything known about them, or only the outputs of their steps. */
export type PruneKind = 'invocations' | 'outputs';

/** What to remove. At least one member must be given. */
export type PruneSelection = InvocationFilter;

/** For this long after its request, the service may still show an invocation, so the next pass would bring it back. */
const SHOWN_MS = RETENTION_MS + DAY_MS;

const IS_FINAL_OR_FORGOTTEN = `(i.status IN ${FINAL_LIST} OR EXISTS (SELECT 1 FROM main.unfinished_commands u
  WHERE u.account_id = i.account_id AND u.region = i.region AND u.command_id = i.command_id AND u.forgotten_at IS NOT NULL))`;

const IS_FOLLOWED = `EXISTS (SELECT 1 FROM main.unfinished_commands u WHERE u.account_id = i.account_id AND u.region = i.region
  AND u.command_id = i.command_id AND u.forgotten_at IS NULL)`;

/**
 * SQL on `i`: whether its day is sealed, or one that it left. Such a day is pruned as a whole, or sealed again without
 * what was pruned.
 */
const IS_SEALED = `(EXISTS (SELECT 1 FROM main.sealed_days s WHERE s.day = substr(i.requested_at, 1, 10) AND s.pruned_seq IS NULL)
  OR ${IS_LEFT_BEHIND})`;

/**
 * SQL that is true if a hold protects the row with this alias: `i` of invocations, or `c` of commands. A row without a
 * time counts as inside every span. A hold on a node protects no command.
 */
export function isHeld(of: 'i' | 'c', only = ''): string {
  const isOnNode = of === 'i' ? 'coalesce(h.instance_id = i.instance_id, true)' : 'h.instance_id IS NULL';
  return `EXISTS (SELECT 1 FROM main.holds h WHERE h.released_at IS NULL ${only} AND ${isOnNode}
    AND coalesce(h.account_id = ${of}.account_id, true) AND coalesce(h.region = ${of}.region, true)
    AND coalesce(h.command_id = ${of}.command_id, true)
    AND coalesce(${of}.requested_at >= h.from_at, true) AND coalesce(${of}.requested_at < h.to_at, true))`;
}

/**
 * SQL on `i`: true if the outputs of its last state were not pruned. If they were, those of all earlier states were
 * pruned too.
 */
const HAS_OUTPUTS = `EXISTS (SELECT 1 FROM (SELECT max(seq) AS seq FROM revisions WHERE invocation_id = i.id) AS r
  WHERE NOT ${IS_WITHOUT_OUTPUTS})`;

/** The selected invocations that have something to prune, including those that have a reason to stay. */
export function selected(kind: PruneKind, selection: PruneSelection): Condition {
  const asked = joined([...conditionsOf(selection, PRESENT).values()]);
  if (kind === 'invocations') return asked;
  return { sql: `${asked.sql} AND ${HAS_OUTPUTS}`, params: asked.params };
}

/**
 * SQL on `i`: the first reason why a selected invocation stays; NULL if it is removed. With `isSealedToo`, that its day
 * is sealed is no reason.
 */
export function whyItStays(kind: PruneKind, nowMs: number, { isSealedToo = false } = {}): Condition {
  // Of a row that has left a sealed day the lake shows a former state, which would come to light again.
  const sealed = isSealedToo ? `WHEN ${IS_LEFT_BEHIND} THEN 'unfinished'` : `WHEN ${IS_SEALED} THEN 'sealed'`;
  const isYoung = kind === 'invocations' ? 'coalesce(i.requested_at, i.first_seen_at) >= ?' : 'false';
  return {
    sql: `CASE WHEN ${isHeld('i')} THEN 'held' ${sealed} WHEN NOT ${IS_FINAL_OR_FORGOTTEN} OR ${IS_FOLLOWED} THEN 'unfinished' WHEN ${isYoung} THEN 'young' END`,
    params: kind === 'invocations' ? [shownSince(nowMs)] : [],
  };
}

/** ISO 8601. The service may still show invocations that were requested after this time. */
export function shownSince(nowMs: number): string {
  return isoFromMs(nowMs - SHOWN_MS);
}

/** Returns a selection for the rows of a day (an ISO date, UTC) alone. */
export function withinDay(selection: PruneSelection, day: string): PruneSelection {
  const [begin, end] = [`${day}T00:00:00.000Z`, `${dayAfter(day)}T00:00:00.000Z`];
  const { requestedAfter: after, requestedBefore: before } = selection;
  const isLater = after !== undefined && after > begin;
  const isEarlier = before !== undefined && before < end;
  return { ...selection, requestedAfter: isLater ? after : begin, requestedBefore: isEarlier ? before : end };
}
