import { listCheckpoints } from '../../../archive/checkpoints/list-checkpoints.ts';
import { type StatsGroup, type StatsRow, statsWholeFrom } from '../../../archive/figures/read-stats.ts';
import { listRuns } from '../../../archive/passes/list-runs.ts';
import { wholeFrom } from '../../../archive/sealed/whole-from.ts';
import { isoFromMs } from '../../../lib/time.ts';
import { NOT_SUCCEEDED } from '../../../model/final-status.ts';
import { ifInTime } from '../../../processes/pool/if-in-time.ts';
import type { ReadOptions } from '../../../processes/pool/read-task.ts';
import type { InvocationFilter } from '../../../questions/filters.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondNotUnderstood } from '../frame/respond-not-understood.tsx';
import { respondPage, respondProgressively } from '../frame/respond-page.tsx';
import { bucketCountsOf, cellText, newest, verifiedOf } from '../parts/charts/shared-reads.ts';
import { askedOf } from '../parts/coverage/asked-of.ts';
import { questionOf } from '../parts/coverage/read-covered.ts';
import { readCoveredChart } from '../parts/coverage/read-covered-chart.ts';
import { bucketsOf } from '../parts/range/buckets.ts';
import { NoSpan } from '../parts/range/range-form.tsx';
import { readRange, spanOf } from '../parts/range/read-range.ts';
import { FirstRun } from './first-run-page.tsx';
import { BusiestNodes, OverviewPage } from './overview-page.tsx';

const MOST_SHOWN = 10;
const BUSIEST_DEADLINE_MS = 5000;

/** `/`: the state of the whole archive. */
export function addOverviewRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  const { archive, readers, passes, readDeadlineMs, settlingMs } = deps;

  const isEmpty = async (options: ReadOptions) => {
    const { items } = await readers.read('listInvocations', { ...newest({}), limit: 1 }, options);
    return items.length === 0;
  };

  /** The row of a pass whose process died still says `running`; the next pass corrects it. */
  const lastPassOf = () => {
    const [last] = listRuns(archive, { limit: 1 }).items;
    return last?.outcome === 'running'
      ? { ...last, outcome: passes.get(`run-${last.id}`)?.state ?? last.outcome }
      : last;
  };

  app.get('/', async (c) => {
    const options = readOptions(c, readDeadlineMs);
    const nowMs = deps.now().getTime();
    const range = readRange(c.req.query(), nowMs);
    const page = { title: 'Overview', section: '/' } as const;
    // If the span has faults, the page does not show coverage: that would be the coverage of another span.
    if (range.faults.length > 0) {
      const form = <NoSpan title="Overview" path="/" range={range} nowMs={nowMs} />;
      return respondNotUnderstood(deps, c, page, { faults: range.faults, form });
    }
    const least = wholeFrom(archive, isoFromMs(range.fromMs)) === undefined ? 'hour' : 'day';
    const buckets = bucketsOf(range.fromMs, range.beforeMs, least);
    const filter = spanOf(range);
    const statsOf = (groupBy: StatsGroup[], more: InvocationFilter = {}) => ({
      ...{ filter: { ...filter, ...more }, groupBy, withDurations: false },
    });
    const count = (groupBy: StatsGroup[], more: InvocationFilter = {}, deadline = options) =>
      readers.read('readStats', statsOf(groupBy, more), deadline);
    const lastPass = lastPassOf();
    const asked = askedOf(range);
    const [coverage, soon] = await Promise.all([
      readers.read('readCoverage', questionOf(deps, asked), options),
      readers.read('soonForgotten', { nowMs, settlingMs }, options),
    ]);
    if (coverage.every(({ covered }) => covered.length === 0) && (await isEmpty(options)))
      return respondPage(deps, c, page, <FirstRun lastPass={lastPass} soon={soon} />);
    const [counts, failing, running, looks, covered] = await Promise.all([
      count([buckets.size, 'status']),
      count(['document'], { status: NOT_SUCCEEDED }),
      readers.read('listUnfinished', { limit: MOST_SHOWN }, options),
      readers.read('lastLooks', {}, options),
      readCoveredChart(c, deps, { range, buckets }),
    ]);
    const content = {
      ...{ nowMs, range, buckets, counts: bucketCountsOf(counts, buckets), running: running.items, lastPass },
      ...{ asked, coverage, covered, soon, looks },
      failing: most(failing).map((row) => ({ documentName: cellText(row.document), count: Number(row.count) })),
      checkpoint: listCheckpoints(archive, { limit: 1 }).items[0],
      verified: verifiedOf(deps),
      unsigned: deps.server?.signing().fault ?? undefined,
      wholeFrom: statsWholeFrom(archive, statsOf([buckets.size, 'status'])),
    };
    const busiest = async () => {
      const given = readOptions(c, BUSIEST_DEADLINE_MS);
      const rows = await ifInTime(count(['instance'], {}, given));
      return (
        <BusiestNodes
          range={range}
          covered={covered}
          wholeFrom={statsWholeFrom(archive, statsOf(['instance']))}
          nodes={
            rows && most(rows).map((row) => ({ instanceId: cellText(row.instance) ?? '', count: Number(row.count) }))
          }
        />
      );
    };
    return respondProgressively(deps, c, page, <OverviewPage {...content} />, busiest());
  });
}

function most(rows: readonly StatsRow[]): StatsRow[] {
  return [...rows].sort((a, b) => Number(b.count) - Number(a.count)).slice(0, MOST_SHOWN);
}
