import { hasRole } from '../../../access/roles.ts';
import { listRuns } from '../../../archive/passes/list-runs.ts';
import { ArchiveMoved } from '../../../lib/errors/archive-moved.ts';
import { dayAfter } from '../../../lib/time.ts';
import { PassesStopped } from '../../../model/coverage/passes.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleContext, type ConsoleDeps, linkedTo, readOptions } from '../console-deps.ts';
import { respondNotUnderstood } from '../frame/respond-not-understood.tsx';
import { respondNotFound, respondPage } from '../frame/respond-page.tsx';
import { NotRun } from '../parts/questions/not-run.tsx';
import { readUnseen } from '../parts/questions/read-unseen.ts';

import { pathOfPass } from '../parts/values/paths.ts';
import { CollectorPage, PassRefused } from './collector-page.tsx';
import { PassPage } from './pass-page.tsx';
import { SweepsHead, SweepsPage } from './sweeps-page.tsx';
import { readBefore, readSweepsQuery } from './sweeps-query.ts';

const RUNS_A_PAGE = 20;
const SWEEPS_A_PAGE = 100;
const SECTION = '/collector';

/** `/collector`: the list of passes, a page for each pass, and their sweeps. */
export function addCollectorRoutes(app: ConsoleApp, deps: ConsoleDeps): void {
  const { archive, passes, readers, readDeadlineMs } = deps;

  app.get('/collector', (c) => {
    const page = { title: 'Collector', section: SECTION } as const;
    const { before, faults } = readBefore(c.req.query('before'));
    if (faults.length > 0) return respondNotUnderstood(deps, c, page, { faults });
    const { items, next } = listRuns(archive, { limit: RUNS_A_PAGE, before });
    const running = items.find(({ outcome }) => outcome === 'running');
    const content = { runs: items, before, next, running: running && `run-${running.id}`, canStart: mayStart(c) };
    return respondPage(deps, c, page, <CollectorPage {...content} />);
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
    if (!pass) return respondNotFound(deps, c, 'A pass with this name');
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
    const { asked, faults } = readSweepsQuery(c.req.query(), deps.now());
    const { account, region, outcome, day, before } = asked;
    const page = { title: 'Sweeps', section: SECTION } as const;
    if (faults.length > 0) {
      const form = <SweepsHead asked={asked} />;
      return respondNotUnderstood(deps, c, page, { faults, form });
    }
    const linked = account || region || outcome || day ? linkedTo(c) : undefined;
    if (linked) {
      const content = {
        asked,
        sweeps: [],
        next: undefined,
        unseen: [],
        url: c.req.url,
        notRun: <NotRun {...linked} />,
      };
      return respondPage(deps, c, page, <SweepsPage {...content} />);
    }
    const span = day === undefined ? {} : { from: `${day}T00:00:00.000Z`, to: `${dayAfter(day)}T00:00:00.000Z` };
    const { items, next } = await readers.read(
      'listSweeps',
      { accountId: account, region, outcome, before, ...span, limit: SWEEPS_A_PAGE },
      readOptions(c, readDeadlineMs),
    );
    const unseen = items.length === 0 ? await readUnseen(c, deps, { account, region }) : [];
    const content = { asked, sweeps: items, next, unseen, url: c.req.url };
    return respondPage(deps, c, page, <SweepsPage {...content} />);
  });
}

function mayStart(c: ConsoleContext): boolean {
  const caller = c.get('caller');
  return caller !== undefined && hasRole(caller.role, 'operator');
}
