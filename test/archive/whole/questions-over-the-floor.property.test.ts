import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findCommands } from '../../../src/archive/commands/find-commands.ts';
import { getCommand } from '../../../src/archive/commands/get-command.ts';
import { listCommands } from '../../../src/archive/commands/list-commands.ts';
import type { CommandKey } from '../../../src/archive/commands/shown-command.ts';
import { exportInvocations } from '../../../src/archive/invocations/export-invocations.ts';
import { findInvocations, type InvocationSearch } from '../../../src/archive/invocations/find-invocations.ts';
import { getInvocation, type InvocationKey } from '../../../src/archive/invocations/get-invocation.ts';
import { type ListingQuery, listInvocations } from '../../../src/archive/invocations/list-invocations.ts';
import { listRevisions } from '../../../src/archive/invocations/list-revisions.ts';
import { listStates } from '../../../src/archive/invocations/list-states.ts';
import { readComparison } from '../../../src/archive/invocations/read-comparison.ts';
import { listRecentRuns } from '../../../src/archive/nodes/list-recent-runs.ts';
import type { SealedDays } from '../../../src/archive/sealed/sealed-days.ts';
import { compareAll } from '../../../src/archive/whole/compare-all.ts';
import { exportAllInvocations } from '../../../src/archive/whole/export-all-invocations.ts';
import { findAllCommands } from '../../../src/archive/whole/find-all-commands.ts';
import { findAllInvocations } from '../../../src/archive/whole/find-all-invocations.ts';
import { getAnyCommand } from '../../../src/archive/whole/get-any-command.ts';
import { listAllCommands } from '../../../src/archive/whole/list-all-commands.ts';
import { listAllInvocations } from '../../../src/archive/whole/list-all-invocations.ts';
import { listAllRecentRuns } from '../../../src/archive/whole/list-all-recent-runs.ts';
import { readInvocation } from '../../../src/archive/whole/read-invocation.ts';
import { listAllRevisions, listAllStates } from '../../../src/archive/whole/read-states.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import { openFolderStore } from '../../../src/lake/store/folder-store.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import { isoFromMs } from '../../../src/lib/time.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { openSealed } from '../../lake/open-sealed.ts';
import { daysOf, sealDeps } from '../../lake/sealed-archive.ts';
import { history, question, START_MS } from '../listing-arbitraries.ts';
import type { Reply } from '../listing-model.ts';
import { openModelledArchive } from '../modelled-archive.ts';

/** The minutes of the drawn histories are so many hours here, so that an archive has about three days. */
const STRETCH = 300;

function laterMs(ms: number): number {
  return START_MS + (ms - START_MS) * STRETCH;
}

function later<Time extends string | null | undefined>(time: Time): Time | string {
  return typeof time === 'string' ? isoFromMs(laterMs(Date.parse(time))) : time;
}

function stretchedReply({ observedAt, shown, ...reply }: Reply): Reply {
  return {
    ...reply,
    observedAt: isoFromMs(laterMs(Date.parse(observedAt))),
    shown: shown.map(({ state, ...one }) => ({
      ...one,
      state: { ...state, requestedMs: state.requestedMs === undefined ? undefined : laterMs(state.requestedMs) },
    })),
  };
}

function stretchedQuery({ filter, after, asOf, ...query }: ListingQuery): ListingQuery {
  const { requestedAfter, requestedBefore, changedAfter } = filter;
  return {
    ...query,
    asOf: later(asOf),
    after: after && [later(after[0]), after[1]],
    filter: {
      ...filter,
      requestedAfter: later(requestedAfter),
      requestedBefore: later(requestedBefore),
      changedAfter: later(changedAfter),
    },
  };
}

/** What an archive without sealed days answers, by functions that read its file alone. */
function answersBefore(sqlite: Database, queries: readonly ListingQuery[]): unknown[] {
  return [
    ...queries.map((query) => listInvocations(sqlite, query)),
    ...queries.flatMap((query) =>
      FORMATS.map((form) =>
        exported((push) => exportInvocations(sqlite, { ...query, ...form, after: undefined }, { push })),
      ),
    ),
    ...searchesOf(queries).map((search) => findInvocations(sqlite, search)),
    ...keysOf(sqlite).flatMap((key) => [
      getInvocation(sqlite, key),
      getInvocation(sqlite, key, PAST),
      listRevisions(sqlite, { key, limit: 3 }),
      listStates(sqlite, { key, limit: 10 }),
      readComparison(sqlite, { left: key, right: 'previous' }),
      listRecentRuns(sqlite, { key, perDocument: 2 }),
      findCommands(sqlite, { ...key, commandId: undefined, statuses: [], limit: 5 }),
    ]),
    ...commandsOf(sqlite).flatMap((key) => [getCommand(sqlite, key), getCommand(sqlite, { ...key, asOf: PAST })]),
    listCommands(sqlite, { limit: 9, asOf: PAST }),
  ];
}

/** The same questions to the archive and its sealed days. */
async function answersAfter(
  sqlite: Database,
  queries: readonly ListingQuery[],
  sealed: SealedDays,
  asked: Asked,
): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const query of queries) answers.push(await listAllInvocations(sqlite, query, sealed));
  for (const query of queries)
    for (const form of FORMATS)
      answers.push(
        await exportedLater((push) =>
          exportAllInvocations(sqlite, { ...query, ...form, after: undefined }, { push }, sealed),
        ),
      );
  for (const search of searchesOf(queries)) answers.push(await findAllInvocations(sqlite, search, sealed));
  for (const key of asked.keys) {
    answers.push((await readInvocation(sqlite, { key }, sealed))?.invocation);
    answers.push((await readInvocation(sqlite, { key, asOf: PAST }, sealed))?.invocation);
    answers.push(await listAllRevisions(sqlite, { key, limit: 3 }, sealed));
    answers.push(await listAllStates(sqlite, { key, limit: 10 }, sealed));
    answers.push(await compareAll(sqlite, { left: key, right: 'previous' }, sealed));
    answers.push(await listAllRecentRuns(sqlite, { key, perDocument: 2 }, sealed));
    answers.push(await findAllCommands(sqlite, { ...key, commandId: undefined, statuses: [], limit: 5 }, sealed));
  }
  for (const key of asked.commands) {
    answers.push(await getAnyCommand(sqlite, key, sealed));
    answers.push(await getAnyCommand(sqlite, { ...key, asOf: PAST }, sealed));
  }
  answers.push(await listAllCommands(sqlite, { limit: 9, asOf: PAST }, sealed));
  return answers;
}

interface Asked {
  keys: InvocationKey[];
  commands: CommandKey[];
}

const FORMATS = [
  { format: 'csv', csvForm: 'raw' },
  { format: 'ndjson', csvForm: 'raw' },
] as const;
const PAST = isoFromMs(START_MS + 20 * 3_600_000);

function exported(write: (push: (chunk: Uint8Array) => void) => number): string {
  const chunks: Uint8Array[] = [];
  const rows = write((chunk) => chunks.push(Buffer.from(chunk)));
  return `${rows} ${Buffer.concat(chunks)}`;
}

async function exportedLater(write: (push: (chunk: Uint8Array) => void) => Promise<number>): Promise<string> {
  const chunks: Uint8Array[] = [];
  const rows = await write((chunk) => chunks.push(Buffer.from(chunk)));
  return `${rows} ${Buffer.concat(chunks)}`;
}

function searchesOf(queries: readonly ListingQuery[]): InvocationSearch[] {
  return queries.map(({ filter, limit, include }) => ({
    ...{ accountId: '111111111111', region: 'eu-west-1', limit, withPlugins: include !== 'none' },
    statuses: filter.status?.length ? [filter.status] : [],
    ...{ instanceId: filter.instanceId, commandId: filter.commandId, documentName: filter.documentName },
    ...{ requestedAfter: filter.requestedAfter, requestedBefore: filter.requestedBefore },
  }));
}

function keysOf(sqlite: Database): InvocationKey[] {
  return sqlite
    .prepare<[], InvocationKey>(
      'SELECT account_id AS accountId, region, command_id AS commandId, instance_id AS instanceId FROM invocations ORDER BY id',
    )
    .all();
}

function commandsOf(sqlite: Database): CommandKey[] {
  return sqlite
    .prepare<[], CommandKey>('SELECT account_id AS accountId, region, command_id AS commandId FROM commands')
    .all();
}

it('an archive answers the same before and after its days are sealed, whatever is asked', async () => {
  await fc.assert(
    fc.asyncProperty(
      history,
      fc.array(question, { minLength: 10, maxLength: 20, size: 'max' }),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom(0, 8191),
      async (replies, questions, most, number) => {
        const archive = openModelledArchive(replies.map(stretchedReply), number);
        const { sqlite } = archive;
        try {
          bringIntoLedger(sqlite);
          const queries = questions.map(({ query }) => stretchedQuery(query));
          const asked: Asked = { keys: keysOf(sqlite), commands: commandsOf(sqlite) };
          const before = answersBefore(sqlite, queries);
          const lake = join(tempFolder(), 'lake');
          const deps = await sealDeps(sqlite.name, openFolderStore(lake));
          for (const day of daysOf(sqlite).slice(0, most)) await sealDay(deps, day);
          const sealed = openSealed(sqlite, lake);
          const after = await answersAfter(sqlite, queries, sealed, asked);
          for (const [n, answer] of after.entries()) expect({ n, answer }).toEqual({ n, answer: before[n] });
          sealed.close();
          deps.sqlite.close();
        } finally {
          archive.close();
        }
      },
    ),
    { numRuns: 4, endOnFailure: true },
  );
}, 240_000);
