import { z } from 'zod';
import { countUnsearchable } from '../../../archive/figures/count-unsearchable.ts';
import { statsWholeFrom } from '../../../archive/figures/read-stats.ts';
import { stepCondition } from '../../../archive/invocations/invocation-filter.ts';
import { listPlaces } from '../../../archive/nodes/list-places.ts';
import { faultsOf } from '../../../lib/words/own-words.ts';
import { KNOWN_STATUSES } from '../../../model/final-status.ts';
import { ifInTime } from '../../../processes/pool/if-in-time.ts';
import { encodeCursor } from '../../../questions/cursor.ts';
import type { InvocationFilter } from '../../../questions/filters.ts';
import { takenBy } from '../addresses/page-addresses.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleContext, type ConsoleDeps, linkedTo, readOptions } from '../console-deps.ts';
import { respondPage, respondProgressively } from '../frame/respond-page.tsx';
import { COUNT_DEADLINE_MS, cellText, ROWS_A_PAGE } from '../parts/charts/shared-reads.ts';
import { readCovered } from '../parts/coverage/read-covered.ts';
import { spanOfFilter } from '../parts/coverage/span-of-filter.ts';
import { faultsOfColumns, readColumns } from '../parts/questions/invocation-table.tsx';
import { NotRun } from '../parts/questions/not-run.tsx';
import { pathOfOldAddress } from '../parts/questions/old-addresses.ts';
import { readPosition } from '../parts/questions/read-position.ts';
import { readUnseen } from '../parts/questions/read-unseen.ts';
import { readView } from '../parts/questions/read-view.ts';
import { NO_IDS, pathInFull, resolveIds } from '../parts/questions/resolve-ids.ts';
import { InvocationsFound, InvocationsPage } from './invocations-page.tsx';

const Sort = z.enum(
  ['-requestedAt', 'requestedAt', '-changedAt', 'changedAt'],
  'must be one of the sort orders in the form',
);
const Position = z.tuple([z.string().nullable(), z.int()]);

/** The page itself contains at most this many suggested values, for browsers without scripts. */
const MOST_DOCUMENTS = 100;

/** `/invocations`: the list of invocations. */
export function addInvocationsRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  const { archive, readers, readDeadlineMs } = deps;

  app.get('/invocations', async (c) => {
    const moved = pathOfOldAddress(c.req.url);
    if (moved !== undefined) return c.redirect(moved, 301);
    const queries = c.req.queries();
    const view = readView(queries, deps, takenBy('/invocations', queries));
    const columns = readColumns(queries.column ?? []);
    const sorted = Sort.safeParse(c.req.query('sort') || '-requestedAt');
    const sort = sorted.data ?? '-requestedAt';
    const question = ['console', view.typed, sort];
    const { after, faults: ofCursor } = readPosition(question, c.req.query('cursor'), Position);
    const faults = [
      ...view.faults,
      ...(sorted.success
        ? []
        : [{ parameter: 'sort', message: faultsOf(sorted.error)[0]?.message ?? 'is not a sort order of the list' }]),
      ...faultsOfColumns(queries.column ?? []),
      ...ofCursor,
    ];
    const asked = { filter: view.filter, isDescending: sort.startsWith('-'), limit: ROWS_A_PAGE, after } as const;
    const member = sort.endsWith('requestedAt') ? 'requestedAt' : 'changedAt';
    const linked = Object.keys(view.typed).length > 0 ? linkedTo(c) : undefined;
    const isAsked = faults.length === 0 && linked === undefined;
    const ids = isAsked && after === undefined ? await resolveIds(c, deps, view.filter) : NO_IDS;
    const inFull = pathInFull(c.req.url, ids);
    if (inFull !== undefined) return c.redirect(inFull, 302);
    const find = async () => {
      // We count before we search. If outputs become searchable in between, the page reports too many outputs that are
      // not searchable, never too few.
      const unsearchable = view.filter.q === undefined ? 0 : countUnsearchable(archive);
      const [{ items, next }, byStatus, covered] = await Promise.all([
        readers.read('listInvocations', { ...asked, include: 'none', sort: member }, readOptions(c, readDeadlineMs)),
        countByStatus(c, deps, view.filter),
        readCovered(c, deps, spanOfFilter(view.filter)),
      ]);
      const unseen = items.length === 0 ? await readUnseen(c, deps, view.filter) : [];
      const found = { view, sort, columns, items, byStatus, covered, isFirstPage: after === undefined, unsearchable };
      const countedFrom = statsWholeFrom(archive, countOf(view.filter));
      return (
        <InvocationsFound
          {...{ ...found, countedFrom, unseen, ambiguous: ids.ambiguous, url: c.req.url }}
          nextCursor={next && encodeCursor(question, next)}
        />
      );
    };
    // The suggestions are read first, so that they do not wait behind slow reads.
    const suggesting = faults.length > 0 ? [] : suggestedDocuments(c, deps);
    const finding =
      faults.length > 0 ? Promise.resolve(null) : linked ? Promise.resolve(<NotRun {...linked} />) : find();
    // The handler of failures must be attached now: the promise may fail before anything awaits it.
    finding.catch(() => {});
    const documents = await suggesting;
    const places = listPlaces(archive);
    const known = {
      account: [...new Set(places.map(({ accountId }) => accountId))],
      region: [...new Set(places.map(({ region }) => region))],
      documentName: documents ?? [],
      status: KNOWN_STATUSES,
    };
    const page = { title: 'Invocations', section: '/invocations' } as const;
    const head = (
      <InvocationsPage view={{ ...view, faults }} sort={sort} columns={columns} known={known} url={c.req.url} />
    );
    // A search in steps, or by the beginning of a name, has no index and may take seconds.
    if (isAsked && (stepCondition(view.filter) || view.filter.instanceName !== undefined))
      return respondProgressively(deps, c, page, head, finding);
    const status = faults.length > 0 ? 400 : 200;
    return respondPage(
      deps,
      c,
      { ...page, status },
      <>
        {head}
        {await finding}
      </>,
    );
  });
}

function suggestedDocuments(c: ConsoleContext, { readers }: ConsoleDeps) {
  const question = { field: 'documentName', begin: '', limit: MOST_DOCUMENTS } as const;
  return ifInTime(readers.read('suggestValues', question, readOptions(c, COUNT_DEADLINE_MS)));
}

function countOf(filter: InvocationFilter) {
  return { filter, groupBy: ['status' as const], withDurations: false };
}

async function countByStatus(c: ConsoleContext, { readers }: ConsoleDeps, filter: InvocationFilter) {
  const rows = await ifInTime(readers.read('readStats', countOf(filter), readOptions(c, COUNT_DEADLINE_MS)));
  return rows
    ?.map((row) => ({ status: cellText(row.status) ?? '', count: Number(row.count) }))
    .sort((a, b) => b.count - a.count);
}
