import { saySpan } from '../../archive/coverage/say-span.ts';
import { explainReport } from '../../archive/values/explain-report.ts';
import type { Config } from '../../config/config.ts';
import { openArchiveReadOnly } from '../../db/open.ts';
import type { bindReport } from '../../questions/reports/bind-report.ts';
import type { Report } from '../../questions/reports/report.ts';
import { sayUnseen } from '../../questions/say-unseen.ts';
import { reportQuestion } from '../../reports/report-question.ts';
import { configuredPlaces } from '../../upstream/configured-sources.ts';

/**
 * Returns the sentences about a report's answer for standard error: which values the archive does not have and, if
 * there are no rows, which span was searched.
 */
export function tellReport(
  { db, sources, settlingMs }: Config,
  { report, values, rows }: { report: Report; values: ReturnType<typeof bindReport>; rows: number },
): string[] {
  const asked = reportQuestion(report, values, rows);
  if (asked === undefined) return [];
  const archive = openArchiveReadOnly(db);
  try {
    const question = { ...asked, configured: configuredPlaces(sources), settlingMs, nowMs: Date.now() };
    const { unseen, coverage } = explainReport(archive.sqlite, question);
    // If there are rows, a value that can't be checked gets no note.
    const told = unseen.filter(({ certainty }) => certainty === 'never' || rows === 0);
    return [
      ...told.map((value) => sayUnseen(`--param ${value.parameter}`, value)),
      ...(coverage ? [saySpan(coverage, { account: asked.span?.accountId, region: asked.span?.region })] : []),
    ];
  } finally {
    archive.close();
  }
}
