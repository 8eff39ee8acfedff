import { z } from 'zod';
import { hasRole } from '../../../access/roles.ts';
import { listRuns } from '../../../archive/list-runs.ts';
import { ArchiveMoved } from '../../../lib/archive-moved.ts';
import { parseTime } from '../../../lib/parse-time.ts';
import { PassesStopped } from '../../../lib/passes.ts';
import { type ConsoleContext, type ConsoleDeps, linkedTo, readOptions } from '../console-deps.ts';
import { respondNotFound, respondPage } from '../frame/respond-page.tsx';
import { CollectorPage, PassRefused } from '../pages/collector-page.tsx';
import { PassPage } from '../pages/pass-page.tsx';
import { SweepsPage } from '../pages/sweeps-page.tsx';
import { dayAfter } from '../parts/buckets.ts';
import { NotRun } from '../parts/not-run.tsx';
import { pathOfPass } from '../parts/paths.ts';
import type { ConsoleApp } from './console-app.ts';

const RUNS_A_PAGE = 20;
const SWEEPS_A_PAGE = 100;
const SECTION = '/collector';

const Before = z.coerce.number().int().positive().optional();
const SweepsQuery = z.object({
  account: z.string().trim().optional(),
  region: z.string().trim().optional(),
  outcome: z.enum(['complete', 'failed', 'interrupted', 'running']).optional().catch(undefined),
  day: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .refine((day) => parseTime(day) !== undefined)
    .optional(),
  before: Before,
});

/** `/collector`: passes, one of them while it runs, and their sweeps. */
export function addCollectorRoutes(app: ConsoleApp, deps: ConsoleDeps): void {
  const { archive, passes, readers, readDeadlineMs } = deps;

  app.get('/collector', (c) => {
    const { items, next } = listRuns(archive, { limit: RUNS_A_PAGE, before: Before.parse(c.req.query('before')) });
    const running = items.find(({ outcome }) => outcome === 'running');
    const content = { runs: items, next, running: running && `run-${running.id}`, canStart: mayStart(c) };
    return respondPage(deps, c, { title: 'Collector', section: SECTION }, <CollectorPage {...content} />);
  });

  app.post('/collector/passes', async (c) => {
    const page = { title: 'Collector', section: SECTION } as const;
    if (!mayStart(c)) {
      const sentence = 'Starting a pass needs a token with the role “operator”.';
      return respondPage(deps, c, { ...page, status: 403 }, <PassRefused sentence={sentence} />);
    }
    try {
      const answer = await passes.start();
      return c.redirect(pathOfPass('pass' in answer ? answer.pass.id : answer.running.id), 303);
    } catch (error) {
      if (!(error instanceof PassesStopped || error instanceof ArchiveMoved)) throw error;
      return respondPage(deps, c, { ...page, status: 503 }, <PassRefused sentence={error.message} />);
    }
  });

  app.get('/collector/passes/:id', async (c) => {
    const { id } = c.req.param();
    const pass = passes.get(id);
    if (!pass) return respondNotFound(deps, c, 'A pass of this name');
    const sweeps =
      pass.runId === null
        ? { items: [], next: undefined }
        : await readers.read('listSweeps', { runId: pass.runId, limit: SWEEPS_A_PAGE }, readOptions(c, readDeadlineMs));
    const content = {
      pass,
      sweeps: sweeps.items,
      hasMoreSweeps: sweeps.next !== undefined,
      nowMs: deps.now().getTime(),
    };
    return respondPage(deps, c, { title: `Pass ${id}`, section: SECTION }, <PassPage {...content} />);
  });

  app.get('/collector/sweeps', async (c) => {
    const asked = SweepsQuery.parse(c.req.query());
    const { account, region, outcome, day, before } = asked;
    const page = { title: 'Sweeps', section: SECTION } as const;
    const linked = account || region || outcome || day ? linkedTo(c) : undefined;
    if (linked) {
      const content = { asked, sweeps: [], next: undefined, notRun: <NotRun {...linked} /> };
      return respondPage(deps, c, page, <SweepsPage {...content} />);
    }
    const span = day === undefined ? {} : { from: `${day}T00:00:00.000Z`, to: `${dayAfter(day)}T00:00:00.000Z` };
    const { items, next } = await readers.read(
      'listSweeps',
      { accountId: account, region, outcome, before, ...span, limit: SWEEPS_A_PAGE },
      readOptions(c, readDeadlineMs),
    );
    const content = { asked, sweeps: items, next };
    return respondPage(deps, c, page, <SweepsPage {...content} />);
  });
}

function mayStart(c: ConsoleContext): boolean {
  const caller = c.get('caller');
  return caller !== undefined && hasRole(caller.role, 'operator');
}
