import { isoFromMs } from '../../../lib/time.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { respondNotUnderstood } from '../frame/respond-not-understood.tsx';
import { respondPage } from '../frame/respond-page.tsx';
import { askedOf } from '../parts/coverage/asked-of.ts';
import { cellsOf } from '../parts/coverage/coverage-cells.ts';
import { questionOf } from '../parts/coverage/read-covered.ts';
import { readRange } from '../parts/range/read-range.ts';
import { CoveragePage } from './coverage-page.tsx';

const COVERAGE_DAYS = 60;

/** `/coverage`: which parts of a span, or of everything, are collected completely. */
export function addCoverageRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  const { readers, readDeadlineMs, settlingMs } = deps;

  app.get('/coverage', async (c) => {
    const nowMs = deps.now().getTime();
    const options = readOptions(c, readDeadlineMs);
    const range = readRange(c.req.query(), nowMs, { days: COVERAGE_DAYS });
    const page = { title: 'Coverage', section: '/coverage' } as const;
    // If the span has faults, the page does not show coverage: that would be the coverage of another span.
    if (range.faults.length > 0) {
      const form = <CoveragePage {...{ nowMs, range }} />;
      return respondNotUnderstood(deps, c, page, { faults: range.faults, form });
    }
    const asked = askedOf(range);
    const [places, soon, lake] = await Promise.all([
      readers.read('readCoverage', questionOf(deps, asked), options),
      readers.read('soonForgotten', { nowMs, settlingMs }, options),
      readers.read('readLake', {}, options),
    ]);
    const found = {
      ...{ asked, places, soon, cells: cellsOf(range), settledAt: isoFromMs(nowMs - settlingMs) },
      ...{ lake, nextSeal: deps.server?.nextSeal?.() },
    };
    return respondPage(deps, c, page, <CoveragePage {...{ nowMs, range, found }} />);
  });
}
