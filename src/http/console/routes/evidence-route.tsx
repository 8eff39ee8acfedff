import { parseSearch, SearchInvalid } from '../../../lib/parse-search.ts';
import { parseTime } from '../../../lib/parse-time.ts';
import { type ConsoleDeps, linkedTo, readOptions } from '../console-deps.ts';
import { respondPage } from '../frame/respond-page.tsx';
import { EVIDENCE_FIELDS, type EvidenceContent, EvidencePage } from '../pages/evidence-page.tsx';
import { NotRun } from '../parts/not-run.tsx';
import { statusesOf } from '../parts/statuses.ts';
import type { ConsoleApp } from './console-app.ts';
import { ifInTime } from './shared-reads.ts';

const COUNT_DEADLINE_MS = 5000;
const NEEDED = 'is needed: a pack is of a span, such as from 2026-03-01 to before 2026-04-01';
const NO_TIME = 'must be a date such as 2026-03-01, or a time such as 2026-03-01T09:30:00Z';

/** `/evidence`: asks what a pack is to be about, and how much that is; `/v1/evidence` makes it. */
export function addEvidenceRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  app.get('/evidence', async (c) => {
    const typed: EvidenceContent['typed'] = {};
    for (const name of Object.keys(EVIDENCE_FIELDS)) {
      const value = c.req.query(name)?.trim();
      if (value && isField(name)) typed[name] = name === 'status' ? statusesOf(value).join(',') : value;
    }
    const faults: EvidenceContent['faults'] = {};
    const [after, before] = [typed.requestedAfter, typed.requestedBefore].map((text) => text && parseTime(text));
    if (Object.keys(typed).length > 0) {
      if (!after) faults.requestedAfter = typed.requestedAfter ? NO_TIME : NEEDED;
      if (!before) faults.requestedBefore = typed.requestedBefore ? NO_TIME : NEEDED;
      if (after && before && after >= before) faults.requestedBefore = 'must be later than the start';
    }
    const match = matchOf(typed.q);
    if (match instanceof SearchInvalid) faults.q = match.message;
    const page = { title: 'Evidence pack' } as const;
    if (!after || !before || match instanceof SearchInvalid || Object.keys(faults).length > 0) {
      const status = Object.keys(typed).length > 0 ? 400 : 200;
      return respondPage(
        deps,
        c,
        { ...page, status },
        <EvidencePage typed={typed} faults={faults} invocations={undefined} />,
      );
    }
    const linked = linkedTo(c);
    if (linked)
      return respondPage(
        deps,
        c,
        page,
        <>
          <EvidencePage typed={typed} faults={{}} invocations={undefined} />
          <NotRun {...linked} />
        </>,
      );
    const { account, region, documentName, instanceId, instanceName, commandId, status } = typed;
    const filter = {
      ...{
        accountId: account,
        region,
        documentName,
        instanceId,
        commandId,
        requestedAfter: after,
        requestedBefore: before,
      },
      ...(instanceName !== undefined && { instanceNamePrefix: instanceName }),
      ...(status !== undefined && { statuses: statusesOf(status) }),
      ...(match !== undefined && { step: { match } }),
    };
    const question = { filter, groupBy: ['region' as const], withDurations: false };
    const rows = await ifInTime(deps.readers.read('readStats', question, readOptions(c, COUNT_DEADLINE_MS)));
    const invocations = rows ? rows.reduce((sum, row) => sum + Number(row.count), 0) : null;
    return respondPage(deps, c, page, <EvidencePage typed={typed} faults={{}} invocations={invocations} />);
  });
}

function isField(name: string): name is keyof typeof EVIDENCE_FIELDS {
  return name in EVIDENCE_FIELDS;
}

function matchOf(typed: string | undefined): string | SearchInvalid | undefined {
  try {
    return typed === undefined ? undefined : parseSearch(typed);
  } catch (error) {
    if (error instanceof SearchInvalid) return error;
    throw error;
  }
}
