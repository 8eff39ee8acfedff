import type { Database } from 'better-sqlite3';
import type { InvocationFilter } from '../../questions/filters.ts';
import { coverageOfSpan, type SpanCoverage } from '../coverage/coverage-of-span.ts';
import { findUnseen, type UnseenValue } from './find-never-seen.ts';
import type { Configured, OpenValues } from './open-filter.ts';
import { OPEN_FILTERS } from './open-values.ts';

/** What the archive says about an empty answer. */
export interface EmptyAnswer {
  /** The values that the archive does not have, and how certain it is that the archive never had them. */
  unseen: UnseenValue[];
  /** How much of the searched span is covered. Unless all of the span is covered, an empty answer proves nothing. */
  coverage: SpanCoverage;
}

export interface EmptyQuestion {
  filter: InvocationFilter;
  configured: Configured;
  nowMs: number;
  settlingMs: number;
}

/**
 * Why a list, a count or a pack may be empty although something matching ran: a value is misspelt, or a span was not
 * collected.
 */
export function explainEmpty(sqlite: Database, { filter, configured, ...when }: EmptyQuestion): EmptyAnswer {
  const { account: accountId, region, requestedAfter, requestedBefore } = filter;
  const span = {
    ...(requestedAfter !== undefined && { from: Date.parse(requestedAfter) }),
    ...(requestedBefore !== undefined && { to: Date.parse(requestedBefore) }),
  };
  return {
    unseen: findUnseen(sqlite, openValuesOf(filter), configured),
    coverage: coverageOfSpan(sqlite, { ...when, ...span, accountId, region }),
  };
}

/** The members of a filter whose possible values nobody can list. */
export function openValuesOf(filter: InvocationFilter): OpenValues {
  return Object.fromEntries(OPEN_FILTERS.flatMap((name) => (filter[name] === undefined ? [] : [[name, filter[name]]])));
}
