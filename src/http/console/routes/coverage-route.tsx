import { isoFromMs } from '../../../lib/time.ts';
import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondPage } from '../frame/respond-page.tsx';
import { CoveragePage } from '../pages/coverage-page.tsx';
import type { ConsoleApp } from './console-app.ts';
import { lastDays } from './shared-reads.ts';

const COVERAGE_DAYS = 60;

/** `/coverage`: what was collected completely. */
export function addCoverageRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  const { readers, readDeadlineMs, settlingMs } = deps;

  app.get('/coverage', async (c) => {
    const nowMs = deps.now().getTime();
    const places = await readers.read('readCoverage', { nowMs, settlingMs }, readOptions(c, readDeadlineMs));
    const days = lastDays(nowMs, COVERAGE_DAYS).all.map(({ from }) => from);
    const content = { places, days, settledAt: isoFromMs(nowMs - settlingMs) };
    return respondPage(deps, c, { title: 'Coverage', section: '/coverage' }, <CoveragePage {...content} />);
  });
}
