import { filterOfKey } from '../../../archive/invocations/invocation-filter.ts';
import { wholeFrom } from '../../../archive/sealed/whole-from.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondNotUnderstood } from '../frame/respond-not-understood.tsx';
import { respondNotFound, respondPage } from '../frame/respond-page.tsx';
import { bucketCountsOf, ROWS_A_PAGE } from '../parts/charts/shared-reads.ts';
import { readCoveredChart } from '../parts/coverage/read-covered-chart.ts';
import { readRunGaps } from '../parts/coverage/run-gaps.ts';
import { neverSeenOf } from '../parts/questions/never-seen-of.tsx';
import { resolveIds } from '../parts/questions/resolve-ids.ts';
import { bucketsOf } from '../parts/range/buckets.ts';
import { NoSpan } from '../parts/range/range-form.tsx';
import { readRange, spanOf } from '../parts/range/read-range.ts';
import { pathOfNode } from '../parts/values/paths.ts';
import { NodePage } from './node-page.tsx';

const RUNS_A_DOCUMENT = 20;

/** `/nodes/…`: what ran on one node. */
export function addNodeRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  const { readers, readDeadlineMs } = deps;

  app.get('/nodes/:accountId/:region/:instanceId', async (c) => {
    const key = c.req.param();
    const options = readOptions(c, readDeadlineMs);
    const nowMs = deps.now().getTime();
    const range = readRange(c.req.query(), nowMs);
    const page = { title: key.instanceId, section: '/nodes' } as const;
    // If the span has faults, the page does not show coverage: that would be the coverage of another span.
    if (range.faults.length > 0) {
      const form = <NoSpan {...{ title: page.title, path: pathOfNode(key), range, nowMs }} />;
      return respondNotUnderstood(deps, c, page, { faults: range.faults, form });
    }
    const buckets = bucketsOf(range.fromMs, range.beforeMs);
    const filter = { ...filterOfKey(key), ...spanOf(range) };
    const [node, recent, counts, covered] = await Promise.all([
      readers.read('getInstance', { key, limit: ROWS_A_PAGE }, options),
      readers.read('listRecentRuns', { key, perDocument: RUNS_A_DOCUMENT }, options),
      readers.read('readStats', { filter, groupBy: [buckets.size, 'status'], withDurations: false }, options),
      readCoveredChart(c, deps, { range, buckets, place: key }),
    ]);
    if (!node) {
      const { meant } = await resolveIds(c, deps, key);
      if (meant.instanceId !== undefined) return c.redirect(pathOfNode({ ...key, instanceId: meant.instanceId }), 302);
      return respondNotFound(deps, c, 'This node', await neverSeenOf(c, deps, key, pathOfNode));
    }
    const requestedAts = recent.map((run) => run.requestedAt);
    const gaps = await readRunGaps(c, deps, { accountId: key.accountId, region: key.region, requestedAts });
    const content = {
      wholeFrom: wholeFrom(deps.archive),
      gaps,
      node,
      recent,
      nowMs,
      range,
      buckets,
      covered,
      counts: bucketCountsOf(counts, buckets),
    };
    return respondPage(deps, c, page, <NodePage {...content} />);
  });
}
