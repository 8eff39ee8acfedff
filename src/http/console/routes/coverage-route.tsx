import { isoFromMs } from '../../../lib/time.ts';
import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondPage } from '../frame/respond-page.tsx';
import { CoveragePage } from '../pages/coverage-page.tsx';
import { daysOf } from '../parts/buckets.ts';
import { readRange } from '../parts/read-range.ts';
import type { ConsoleApp } from './console-app.ts';

const COVERAGE_DAYS = 60;
const MOST_DAYS = 400;

/** `/coverage`: what was collected completely. */
export function addCoverageRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  const { readers, readDeadlineMs, settlingMs } = deps;

  app.get('/coverage', async (c) => {
    const nowMs = deps.now().getTime();
    const options = readOptions(c, readDeadlineMs);
    const when = { nowMs, settlingMs };
    const [places, soon] = await Promise.all([
      readers.read('readCoverage', when, options),
      readers.read('soonForgotten', when, options),
    ]);
    const range = readRange(c.req.query(), nowMs, { days: COVERAGE_DAYS, mostDays: MOST_DAYS });
    const dayOf = (ms: number) => isoFromMs(ms).slice(0, 10);
    const days = daysOf(dayOf(range.fromMs), dayOf(range.beforeMs - 1)).map(({ from }) => from);
    const content = { nowMs, range, places, soon, days, settledAt: isoFromMs(nowMs - settlingMs) };
    return respondPage(deps, c, { title: 'Coverage', section: '/coverage' }, <CoveragePage {...content} />);
  });
}
