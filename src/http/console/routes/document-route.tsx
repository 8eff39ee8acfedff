import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondNotFound, respondPage } from '../frame/respond-page.tsx';
import { DocumentPage } from '../pages/document-page.tsx';
import { bucketsOf } from '../parts/buckets.ts';
import { readCoveredChart } from '../parts/covered/read-covered-chart.ts';
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
    const content = { document, nowMs, range, buckets, covered, counts: bucketCountsOf(counts, buckets) };
    return respondPage(deps, c, { title: documentName, section: '/documents' }, <DocumentPage {...content} />);
  });
}
