import { Hono } from 'hono';
import { z } from 'zod';
import type { AccessEnv } from '../../access/caller.ts';
import { getInvocation, type InvocationKey } from '../../archive/get-invocation.ts';
import { listHolds } from '../../archive/holds/list-holds.ts';
import type { InvocationFilter } from '../../archive/invocation-filter.ts';
import { listCheckpoints } from '../../archive/list-checkpoints.ts';
import { listPlaces } from '../../archive/list-places.ts';
import { listRevisions } from '../../archive/list-revisions.ts';
import { listRuns } from '../../archive/list-runs.ts';
import type { StatsRow } from '../../archive/read-stats.ts';
import { decodeCursor, encodeCursor } from '../../lib/cursor.ts';
import { DAY_MS, isoFromMs } from '../../lib/time.ts';
import { ReadQueueFull, ReadTimedOut } from '../../readers/errors.ts';
import { CollectorPage } from './collector-page.tsx';
import { CommandPage } from './command-page.tsx';
import { type ConsoleContext, type ConsoleDeps, readOptions } from './console-deps.ts';
import { CoveragePage } from './coverage-page.tsx';
import { type DayCount, dayAfter, daysBetween } from './day-chart.tsx';
import { IntegrityPage } from './integrity-page.tsx';
import { InvocationPage } from './invocation-page.tsx';
import { InvocationsPage } from './invocations-page.tsx';
import { NodePage } from './node-page.tsx';
import { OverviewPage } from './overview-page.tsx';
import { readView } from './read-view.ts';
import { NotFound, respondFailure, respondPage } from './respond-page.tsx';
import { stylesheet } from './stylesheet.ts';

const FOR_EVER = { 'cache-control': 'public, max-age=31536000, immutable' };

const ROWS_A_PAGE = 50;
const OVERVIEW_DAYS = 30;
const COVERAGE_DAYS = 60;
/** Counting is an extra: a page does not wait long for it. */
const COUNT_DEADLINE_MS = 1000;
const NOT_SUCCEEDED = ['Failed', 'TimedOut', 'Cancelled'];
const UNENDED = ['Pending', 'InProgress', 'Delayed', 'Cancelling'];
const STATUSES = ['Success', ...NOT_SUCCEEDED, ...UNENDED];

const Sort = z.enum(['-requestedAt', 'requestedAt', '-changedAt', 'changedAt']).catch('-requestedAt');
const Position = z.tuple([z.string().nullable(), z.int()]);

/** The pages of the console: each a view of the archive with an address, made on the server. */
export function createConsole(deps: ConsoleDeps): Hono<AccessEnv> {
  const { archive, readers, readDeadlineMs, settlingMs } = deps;
  const app = new Hono<AccessEnv>();

  app.get('/assets/:name', (c) => {
    const { path, text } = stylesheet();
    if (c.req.path !== path) return respondPage(c, 404, 'Not found', undefined, <NotFound what="This file" />);
    return c.body(text, 200, { 'content-type': 'text/css; charset=utf-8', ...FOR_EVER });
  });

  app.get('/', async (c) => {
    const options = readOptions(c, readDeadlineMs);
    const nowMs = deps.now().getTime();
    const days = lastDays(nowMs, OVERVIEW_DAYS);
    const filter = { requestedAfter: `${days[0] ?? ''}T00:00:00.000Z` };
    const stats = (more: object, groupBy: 'day' | 'document') =>
      readers.read(
        'readStats',
        {
          filter: { ...filter, ...more },
          groupBy: groupBy === 'day' ? ['day', 'status'] : ['document'],
          withDurations: false,
        },
        options,
      );
    const [counts, failing, running, coverage] = await Promise.all([
      stats({}, 'day'),
      stats({ statuses: NOT_SUCCEEDED }, 'document'),
      readers.read('listInvocations', { ...newest({ statuses: UNENDED }), limit: 10 }, options),
      readers.read('readCoverage', { nowMs, settlingMs }, options),
    ]);
    const content = {
      ...{ days, counts: counts.map(dayCountOf), running: running.items, coverage, lastPass: lastPass(deps) },
      failing: failing
        .map((row) => ({ documentName: textOf(row.document), count: Number(row.count) }))
        .sort((a, b) => b.count - a.count)
        .slice(0, 10),
      checkpoint: listCheckpoints(archive, { limit: 1 }).items[0],
      verified: verifiedOf(deps),
    };
    return respondPage(c, 200, 'Overview', '/', <OverviewPage {...content} />);
  });

  app.get('/invocations', async (c) => {
    const view = readView(c.req.query());
    const sort = Sort.parse(c.req.query('sort'));
    const isDescending = sort.startsWith('-');
    const options = readOptions(c, readDeadlineMs);
    const question = ['console', view.typed, sort];
    const given = c.req.query('cursor');
    const after = given === undefined ? undefined : Position.parse(decodeCursor(question, given));
    const asked = { filter: view.filter, isDescending, limit: ROWS_A_PAGE, after, include: 'none' } as const;
    const member = sort.endsWith('requestedAt') ? 'requestedAt' : 'changedAt';
    const [{ items, next }, byStatus, documents] = await Promise.all([
      readers.read('listInvocations', { ...asked, sort: member }, options),
      countByStatus(c, deps, view.filter),
      ifInTime(readers.read('listDocuments', { limit: 100 }, readOptions(c, COUNT_DEADLINE_MS))),
    ]);
    const places = listPlaces(archive);
    const known = {
      account: [...new Set(places.map(({ accountId }) => accountId))],
      region: [...new Set(places.map(({ region }) => region))],
      document: documents?.items.map(({ documentName }) => documentName) ?? [],
      status: STATUSES,
    };
    const content = {
      ...{ view, sort, items, byStatus, known, isFirstPage: after === undefined },
      nextCursor: next && encodeCursor(question, next),
    };
    const status = Object.keys(view.faults).length > 0 ? 400 : 200;
    return respondPage(c, status, 'Invocations', '/invocations', <InvocationsPage {...content} />);
  });

  app.get('/invocations/:accountId/:region/:commandId/:instanceId', async (c) => {
    const key: InvocationKey = c.req.param();
    const invocation = getInvocation(archive, key);
    if (!invocation)
      return respondPage(
        c,
        404,
        'Not found',
        '/invocations',
        <NotFound what="The archive has no such invocation. It" />,
      );
    const revisions = listRevisions(archive, { key, limit: 50 });
    const { accountId, region, commandId, instanceId } = key;
    const documentName = invocation.documentName ?? undefined;
    const options = readOptions(c, readDeadlineMs);
    const beside = (filter: InvocationFilter) =>
      readers.read('listInvocations', { ...newest(filter), limit: 11 }, options);
    const [sameDocument, sameCommand] = await Promise.all([
      beside({ accountId, region, instanceId, documentName }),
      beside({ accountId, region, commandId }),
    ]);
    const content = {
      ...{ invocation, revisions: revisions?.items ?? [], hasMoreRevisions: revisions?.next !== undefined },
      ...{ sameDocument: sameDocument.items, sameCommand: sameCommand.items },
    };
    const title = `${invocation.documentName ?? 'Invocation'} on ${instanceId}`;
    return respondPage(c, 200, title, '/invocations', <InvocationPage {...content} />);
  });

  app.get('/commands/:accountId/:region/:commandId', async (c) => {
    const key = c.req.param();
    const options = readOptions(c, readDeadlineMs);
    const command = await readers.read('getCommand', key, options);
    if (!command)
      return respondPage(c, 404, 'Not found', undefined, <NotFound what="The archive has no such command. It" />);
    const { items } = await readers.read('listInvocations', { ...newest(key), limit: ROWS_A_PAGE }, options);
    const title = `${command.documentName ?? 'Command'}, ${key.commandId}`;
    return respondPage(c, 200, title, '/invocations', <CommandPage command={command} items={items} />);
  });

  app.get('/nodes/:accountId/:region/:instanceId', async (c) => {
    const key = c.req.param();
    const options = readOptions(c, readDeadlineMs);
    const days = lastDays(deps.now().getTime(), OVERVIEW_DAYS);
    const filter = { ...key, requestedAfter: `${days[0] ?? ''}T00:00:00.000Z` };
    const [node, counts] = await Promise.all([
      readers.read('getInstance', { key, limit: ROWS_A_PAGE }, options),
      readers.read('readStats', { filter, groupBy: ['day', 'status'], withDurations: false }, options),
    ]);
    if (!node) return respondPage(c, 404, 'Not found', undefined, <NotFound what="The archive has no such node. It" />);
    const content = { node, days, counts: counts.map(dayCountOf) };
    return respondPage(c, 200, key.instanceId, '/invocations', <NodePage {...content} />);
  });

  app.get('/collector', (c) =>
    respondPage(c, 200, 'Collector', '/collector', <CollectorPage runs={listRuns(archive, { limit: 20 }).items} />),
  );

  app.get('/coverage', async (c) => {
    const nowMs = deps.now().getTime();
    const places = await readers.read('readCoverage', { nowMs, settlingMs }, readOptions(c, readDeadlineMs));
    const content = { places, days: lastDays(nowMs, COVERAGE_DAYS), settledAt: isoFromMs(nowMs - settlingMs) };
    return respondPage(c, 200, 'Coverage', '/coverage', <CoveragePage {...content} />);
  });

  app.get('/integrity', async (c) => {
    const tombstones = await readers.read('listTombstones', { limit: 20 }, readOptions(c, readDeadlineMs));
    const content = {
      verified: verifiedOf(deps),
      checkpoints: listCheckpoints(archive, { limit: 1 }).items,
      holds: listHolds(archive),
      tombstones,
    };
    return respondPage(c, 200, 'Integrity', '/integrity', <IntegrityPage {...content} />);
  });

  app.onError(respondFailure);
  return app;
}

function newest(filter: InvocationFilter) {
  return { filter, sort: 'requestedAt', isDescending: true, include: 'none' } as const;
}

function lastDays(nowMs: number, n: number): string[] {
  const today = isoFromMs(nowMs).slice(0, 10);
  return daysBetween(isoFromMs(nowMs - (n - 1) * DAY_MS).slice(0, 10), dayAfter(today));
}

function dayCountOf({ day, status, count }: StatsRow): DayCount {
  return { day: textOf(day) ?? '', status: textOf(status), count: Number(count) };
}

function textOf(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function lastPass({ archive }: ConsoleDeps) {
  return listRuns(archive, { limit: 1 }).items[0];
}

function verifiedOf({ lastVerification }: ConsoleDeps) {
  const last = lastVerification?.();
  return last && { ...last, completedAt: isoFromMs(last.completedAtMs) };
}

async function countByStatus(c: ConsoleContext, { readers }: ConsoleDeps, filter: InvocationFilter) {
  const question = { filter, groupBy: ['status' as const], withDurations: false };
  const rows = await ifInTime(readers.read('readStats', question, readOptions(c, COUNT_DEADLINE_MS)));
  return rows
    ?.map((row) => ({ status: textOf(row.status) ?? '', count: Number(row.count) }))
    .sort((a, b) => b.count - a.count);
}

/** What a page can do without, where it takes too long. */
async function ifInTime<Value>(read: Promise<Value>): Promise<Value | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof ReadTimedOut || error instanceof ReadQueueFull) return undefined;
    throw error;
  }
}
