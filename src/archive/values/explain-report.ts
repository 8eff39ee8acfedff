import type { Database } from 'better-sqlite3';
import { coverageOfSpan, type SpanCoverage } from '../coverage/coverage-of-span.ts';
import { type AskedParameter, findUnseenParameters, type UnseenParameter } from './find-unseen-parameters.ts';
import type { Configured } from './open-filter.ts';

export interface ReportQuestion {
  parameters: readonly AskedParameter[];
  /** The report's span of requested time. Given only if the report has such a span and no rows. */
  span?: {
    accountId?: string | undefined;
    region?: string | undefined;
    from?: string | undefined;
    to?: string | undefined;
  };
  configured: Configured;
  nowMs: number;
  settlingMs: number;
}

/** What the archive says in addition to the rows of a report. */
export interface ExplainedReport {
  /**
   * The values of the report's parameters that the archive does not have, and how certain it is that the archive never
   * had them.
   */
  unseen: UnseenParameter[];
  /** How much of the report's span is covered; absent if `span` was not given. */
  coverage?: SpanCoverage;
}

/** Why a report may have fewer rows than expected: a value is misspelt, or a span was not collected. */
export function explainReport(
  sqlite: Database,
  { parameters, span, configured, ...when }: ReportQuestion,
): ExplainedReport {
  const unseen = findUnseenParameters(sqlite, parameters, configured);
  if (span === undefined) return { unseen };
  const { from, to, ...place } = span;
  const asked = {
    ...{ ...when, ...place },
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
  };
  return { unseen, coverage: coverageOfSpan(sqlite, asked) };
}
