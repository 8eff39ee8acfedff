import { statsWholeFrom } from '../../../archive/figures/read-stats.ts';
import { ifInTime } from '../../../processes/pool/if-in-time.ts';
import { FILTERS } from '../../../questions/filters.ts';
import { takenBy } from '../addresses/page-addresses.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleDeps, linkedTo, readOptions } from '../console-deps.ts';
import { respondPage } from '../frame/respond-page.tsx';
import { readCovered } from '../parts/coverage/read-covered.ts';
import { spanOfFilter } from '../parts/coverage/span-of-filter.ts';
import { NotRun } from '../parts/questions/not-run.tsx';
import { pathOfOldAddress } from '../parts/questions/old-addresses.ts';
import { readUnseen } from '../parts/questions/read-unseen.ts';
import { readView, type View } from '../parts/questions/read-view.ts';
import { pathInFull, resolveIds } from '../parts/questions/resolve-ids.ts';
import { EvidencePage } from './evidence-page.tsx';

const COUNT_DEADLINE_MS = 5000;
const NEEDED = 'is needed, because an evidence pack is about a span, such as from 2026-03-01 to before 2026-04-01';

/**
 * `/evidence`: asks what a pack will be about, and counts its invocations. The pack itself comes from `/v1/evidence`.
 */
export function addEvidenceRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  app.get('/evidence', async (c) => {
    const moved = pathOfOldAddress(c.req.url);
    if (moved !== undefined) return c.redirect(moved, 301);
    const queries = c.req.queries();
    const view = withSpan(readView(queries, deps, takenBy('/evidence', queries)));
    const page = { title: 'Evidence pack' } as const;
    if (view.faults.length > 0 || Object.keys(view.typed).length === 0) {
      const status = view.faults.length > 0 ? 400 : 200;
      return respondPage(
        deps,
        c,
        { ...page, status },
        <EvidencePage url={c.req.url} view={view} invocations={undefined} />,
      );
    }
    const linked = linkedTo(c);
    if (linked)
      return respondPage(
        deps,
        c,
        page,
        <>
          <EvidencePage url={c.req.url} view={view} invocations={undefined} />
          <NotRun {...linked} />
        </>,
      );
    const ids = await resolveIds(c, deps, view.filter);
    const inFull = pathInFull(c.req.url, ids);
    if (inFull !== undefined) return c.redirect(inFull, 302);
    const question = { filter: view.filter, groupBy: ['region' as const], withDurations: false };
    const [rows, covered] = await Promise.all([
      ifInTime(deps.readers.read('readStats', question, readOptions(c, COUNT_DEADLINE_MS))),
      readCovered(c, deps, spanOfFilter(view.filter)),
    ]);
    const invocations = rows ? rows.reduce((sum, row) => sum + Number(row.count), 0) : null;
    const hasCommand =
      invocations === 0 &&
      (await ifInTime(deps.readers.read('hasCommands', view.filter, readOptions(c, COUNT_DEADLINE_MS)))) === true;
    const unseen = invocations === 0 ? await readUnseen(c, deps, view.filter) : [];
    const content = {
      ...{ url: c.req.url, view, invocations, hasCommand, covered, unseen, ambiguous: ids.ambiguous },
      countedFrom: statsWholeFrom(deps.archive, question),
    };
    return respondPage(deps, c, page, <EvidencePage {...content} />);
  });
}

/** Reads the view. A pack needs both ends of its span. */
function withSpan(view: View): View {
  if (Object.keys(view.typed).length === 0) return view;
  const missing = (['requestedAfter', 'requestedBefore'] as const).filter((name) => view.typed[name] === undefined);
  const faults = missing.map((name) => ({
    parameter: name,
    label: FILTERS[name].label,
    message: NEEDED,
    isMissing: true as const,
  }));
  return { ...view, faults: [...view.faults, ...faults] };
}
