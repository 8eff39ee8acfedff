import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondNotFound, respondPage } from '../frame/respond-page.tsx';
import { DocumentPage } from '../pages/document-page.tsx';
import { bucketsOf } from '../parts/buckets.ts';
import { readCoveredChart } from '../parts/covered/read-covered-chart.ts';
import { readRunGaps } from '../parts/covered/run-gaps.ts';
import { readRange, spanOf } from '../parts/read-range.ts';
import type { ConsoleApp } from './console-app.ts';
import { bucketCountsOf } from './shared-reads.ts';

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
    const buckets = bucketsOf(range.fromMs, range.beforeMs);
    const filter = { documentName, ...spanOf(range) };
    const [document, counts, covered] = await Promise.all([
      readers.read('getDocument', { documentName, runs: RUNS, nodes: NODES }, options),
      readers.read('readStats', { filter, groupBy: [buckets.size, 'status'], withDurations: false }, options),
      readCoveredChart(c, deps, { range, buckets }),
    ]);
    if (!document) return respondNotFound(deps, c, 'The archive has no such document. It');
    const gaps = await readRunGaps(c, deps, { requestedAts: document.runs.map((run) => run.requestedAt) });
    const content = { gaps, document, nowMs, range, buckets, covered, counts: bucketCountsOf(counts, buckets) };
    // Of a span that is not understood there is no chart: it would be of another one.
    const status = range.fault === undefined ? 200 : 400;
    return respondPage(deps, c, { status, title: documentName, section: '/documents' }, <DocumentPage {...content} />);
  });
}
