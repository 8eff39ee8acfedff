import type { SpanCoverage } from '../../../archive/coverage/coverage-of-span.ts';
import type { NeverSeen } from '../../../archive/values/find-never-seen.ts';
import { ifInTime } from '../../../processes/pool/if-in-time.ts';
import type { bindReport } from '../../../questions/reports/bind-report.ts';
import type { Report } from '../../../questions/reports/report.ts';
import { reportQuestion } from '../../../reports/report-question.ts';
import { type ApiContext, type ApiDeps, readOptions } from '../api-deps.ts';

/** A run of a report waits at most this long for the notes beside its rows. The rows are complete without them. */
const DEADLINE_MS = 2000;

/**
 * The notes beside the rows of a report: the values that the archive has never seen; or, if it has seen all values but
 * there are no rows, how much of the span is covered.
 */
export interface ExplainedRun {
  neverSeen?: readonly (NeverSeen & { parameter: string })[];
  coverage?: SpanCoverage;
}

/**
 * Returns the notes beside the rows of a report. There are none if all values were seen and there are rows, or if
 * finding out takes too long.
 */
export async function explainReport(
  c: ApiContext,
  { readers, configured, settlingMs, now }: ApiDeps,
  { report, values, rows }: { report: Report; values: ReturnType<typeof bindReport>; rows?: number | undefined },
): Promise<ExplainedRun> {
  const asked = reportQuestion(report, values, rows);
  if (asked === undefined) return {};
  const question = { ...asked, configured, settlingMs, nowMs: now().getTime() };
  const found = await ifInTime(readers.read('explainReport', question, readOptions(c, DEADLINE_MS)));
  if (found === undefined) return {};
  const neverSeen = found.unseen.flatMap(({ certainty, ...value }) => (certainty === 'never' ? [value] : []));
  return { ...(neverSeen.length > 0 && { neverSeen }), ...(found.coverage && { coverage: found.coverage }) };
}
