import { statsWholeFrom } from '../../../archive/figures/read-stats.ts';
import { wholeFrom } from '../../../archive/sealed/whole-from.ts';
import { isoFromMs } from '../../../lib/time.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondNotUnderstood } from '../frame/respond-not-understood.tsx';
import { respondNotFound, respondPage } from '../frame/respond-page.tsx';
import { bucketCountsOf } from '../parts/charts/shared-reads.ts';
import { readCoveredChart } from '../parts/coverage/read-covered-chart.ts';
import { readRunGaps } from '../parts/coverage/run-gaps.ts';
import { NeverSeen } from '../parts/questions/never-seen.tsx';
import { readUnseen } from '../parts/questions/read-unseen.ts';
import { bucketsOf } from '../parts/range/buckets.ts';
import { NoSpan } from '../parts/range/range-form.tsx';
import { readRange, spanOf } from '../parts/range/read-range.ts';
import { pathOfDocument } from '../parts/values/paths.ts';
import { DocumentPage } from './document-page.tsx';

const RUNS = 20;
const NODES = 50;

/** `/documents/…`: one document. */
export function addDocumentRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  const { readers, readDeadlineMs } = deps;

  app.get('/documents/:documentName', async (c) => {
    const { documentName } = c.req.param();
    const options = readOptions(c, readDeadlineMs);
    const nowMs = deps.now().getTime();
    const range = readRange(c.req.query(), nowMs);
    const page = { title: documentName, section: '/documents' } as const;
    // If the span has faults, the page does not show coverage: that would be the coverage of another span.
    if (range.faults.length > 0) {
      const form = <NoSpan {...{ title: page.title, path: pathOfDocument(documentName), range, nowMs }} />;
      return respondNotUnderstood(deps, c, page, { faults: range.faults, form });
    }
    const least = wholeFrom(deps.archive, isoFromMs(range.fromMs)) === undefined ? 'hour' : 'day';
    const buckets = bucketsOf(range.fromMs, range.beforeMs, least);
    const filter = { documentName, ...spanOf(range) };
    const charted = { filter, groupBy: [buckets.size, 'status' as const], withDurations: false };
    const [document, counts, covered] = await Promise.all([
      readers.read('getDocument', { documentName, runs: RUNS, nodes: NODES }, options),
      readers.read('readStats', charted, options),
      readCoveredChart(c, deps, { range, buckets }),
    ]);
    if (!document) {
      const unseen = await readUnseen(c, deps, { documentName });
      const meant = <NeverSeen unseen={unseen} pathOf={(_, value) => pathOfDocument(value)} />;
      return respondNotFound(deps, c, 'A run of this document', meant);
    }
    const gaps = await readRunGaps(c, deps, { requestedAts: document.runs.map((run) => run.requestedAt) });
    const content = {
      ...{ gaps, document, nowMs, range, buckets, covered, counts: bucketCountsOf(counts, buckets) },
      wholeFrom: statsWholeFrom(deps.archive, charted),
    };
    return respondPage(deps, c, page, <DocumentPage {...content} />);
  });
}
