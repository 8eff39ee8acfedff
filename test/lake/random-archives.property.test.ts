import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openArchive } from '../../src/archive/file/open-archive.ts';
import { countHeldInLake } from '../../src/archive/holds/count-held-in-lake.ts';
import { countHeldBy } from '../../src/archive/holds/list-holds.ts';
import { placeHold } from '../../src/archive/holds/place-hold.ts';
import { releaseHold } from '../../src/archive/holds/release-hold.ts';
import type { ListingQuery, Position } from '../../src/archive/invocations/list-invocations.ts';
import { listInvocations } from '../../src/archive/invocations/list-invocations.ts';
import { keepNamedOutputs } from '../../src/archive/prune/named-outputs.ts';
import type { PruneKind, PruneSelection } from '../../src/archive/prune/prunable.ts';
import { prune as pruneFile } from '../../src/archive/prune/prune.ts';
import { createRepliesRecorder } from '../../src/archive/record/record-replies.ts';
import { readSealedDays } from '../../src/archive/sealed/read-sealed-days.ts';
import { verifyWhole } from '../../src/archive/verify/verify-whole.ts';
import { listAllInvocations } from '../../src/archive/whole/list-all-invocations.ts';
import { createLateRecorder } from '../../src/ingest/record/create-late-recorder.ts';
import { createReplyWriter } from '../../src/ingest/record/create-reply-writer.ts';
import { forget } from '../../src/lake/forget/forget.ts';
import type { ForgetDeps } from '../../src/lake/forget/forget-deps.ts';
import { planDays } from '../../src/lake/forget/plan-days.ts';
import { openSealedFinder } from '../../src/lake/read/find-sealed.ts';
import { bringDayBack } from '../../src/lake/seal/bring-day-back.ts';
import { removeHotRows } from '../../src/lake/seal/remove-hot-rows.ts';
import { sealDay } from '../../src/lake/seal/seal-day.ts';
import { openFolderStore } from '../../src/lake/store/folder-store.ts';
import { checkGone } from '../../src/lake/verify/check-gone.ts';
import { dayAfter } from '../../src/lib/time.ts';
import { page, rawInvocation, rawPlugin, SOURCE } from '../archive/raw-invocation.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { onTestEnd } from '../on-test-end.ts';
import { LATER } from './forget/forgetting.ts';
import { openSealed } from './open-sealed.ts';
import { placeOf } from './place-of.ts';
import { sealDeps } from './sealed-archive.ts';

const DAYS = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'];
const STATUSES = ['Success', 'Failed', 'InProgress'] as const;
const DOCUMENTS = ['AWS-RunShellScript', 'Acme-Patch'];
const RUNS = 12;
const STEPS = 14;
const NO_TIME = 9;

class Killed extends Error {}

const change = fc.record({
  what: fc.constantFrom('change' as const),
  day: fc.nat(DAYS.length - 1),
  command: fc.nat(3),
  node: fc.nat(2),
  status: fc.constantFrom(...STATUSES),
  output: fc.nat(3),
  /** By how many days the service has changed the time of request, or that it says none. */
  moved: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-1, 1, NO_TIME) }),
});
const seal = fc.record({
  what: fc.constantFrom('seal' as const, 'unseal' as const, 'remove' as const),
  day: fc.nat(DAYS.length - 1),
  /** After so many steps the process is gone; a large number is never reached. */
  dies: fc.oneof(fc.nat(12), fc.constantFrom(1000)),
});
const prune = fc.record({
  what: fc.constantFrom('prune' as const),
  kind: fc.constantFrom('invocations' as const, 'outputs' as const),
  filter: fc.constantFrom(
    { requestedBefore: `${DAYS[1]}T00:00:00.000Z` },
    { requestedAfter: `${DAYS[1]}T00:00:00.000Z`, requestedBefore: `${DAYS[3]}T00:00:00.000Z` },
    { requestedBefore: `${DAYS[2]}T02:00:00.000Z` },
    { instanceId: 'i-1' },
    { documentName: 'Acme-Patch' },
    { pluginName: 'second' },
  ),
  dies: fc.oneof(fc.nat(25), fc.constantFrom(1000)),
});
const hold = fc.record({ what: fc.constantFrom('hold' as const), node: fc.nat(2), day: fc.nat(DAYS.length - 1) });
const ask = fc.record({
  what: fc.constantFrom('ask' as const),
  sort: fc.constantFrom('requestedAt' as const, 'changedAt' as const),
  isDescending: fc.constantFrom(true, false),
  limit: fc.constantFrom(2, 5, 100),
  filter: fc.constantFrom(
    {},
    { instanceId: 'i-1' },
    { status: ['Failed'] },
    { commandId: commandOf(1) },
    { documentName: 'Acme-Patch' },
    { pluginName: 'second' },
    { requestedAfter: `${DAYS[1]}T00:00:00.000Z`, requestedBefore: `${DAYS[3]}T00:00:00.000Z` },
  ),
  asOf: fc.oneof(fc.constantFrom(undefined), fc.nat(STEPS)),
});
const scenario = fc.tuple(
  fc.array(change, { minLength: 3, maxLength: 6 }),
  fc.array(
    fc.oneof(
      ...[
        { weight: 3, arbitrary: change },
        { weight: 3, arbitrary: seal },
        { weight: 2, arbitrary: ask },
      ],
      ...[
        { weight: 2, arbitrary: prune },
        { weight: 1, arbitrary: hold },
      ],
    ),
    { minLength: 6, maxLength: STEPS },
  ),
);

it('an archive of which days are sealed, killed while sealing or pruning, changed late, unsealed and pruned in any order answers as one that was never sealed', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ([first, steps]) => {
      const both = await openBoth();
      for (const step of [...first, ...steps]) await take(both, step);
      for (const day of readSealedDays(both.sqlite)) await both.whileAlive(1000, (deps) => sealDay(deps, day.day));
      for (const day of DAYS) await both.whileAlive(1000, (deps) => sealDay(deps, day));
      for (const sort of ['requestedAt', 'changedAt'] as const)
        await compareLists(both, { filter: {}, sort, isDescending: true, limit: 3, include: 'outputs' });
      compareHeld(both);
      expect(verifyWhole(both.sqlite, { trustedKeys: [], outside: [] }).faults).toEqual([]);
      expect(countsOf(both.sqlite)).toEqual(countsOf(both.plain));
      expect((await checkGone(both.sqlite, both.store)).faults).toEqual([]);
    }),
    { numRuns: RUNS },
  );
}, 600_000);

/** An archive with a lake, and one that got the same replies and was never sealed. */
async function openBoth() {
  const folder = tempFolder();
  const lake = join(folder, 'lake');
  const [db, plainDb] = [openArchive(join(folder, 'archive.db')), openArchive(join(folder, 'plain.db'))];
  onTestEnd(() => {
    db.close();
    plainDb.close();
  });
  const { find, close } = openSealedFinder(db.sqlite, placeOf(lake));
  onTestEnd(close);
  // A process that collects ends before something is pruned, and knows which outputs there are.
  const collect = () => ({
    late: createLateRecorder(db, find, createReplyWriter(createRepliesRecorder(db.sqlite))),
    plain: createRepliesRecorder(plainDb.sqlite),
  });
  let collecting = collect();
  const store = openFolderStore(lake);
  const deps = await sealDeps(db.sqlite.name, store);
  const sealed = openSealed(db.sqlite, lake);
  let replies = 0;
  return {
    ...{ sqlite: db.sqlite, plain: plainDb.sqlite, sealed, store },
    async record(raw: object) {
      const observedAt = timeOf(replies++);
      const { late, plain } = collecting;
      const tallies = [await late(page([raw], { observedAt })), ...plain([page([raw], { observedAt })])];
      expect(tallies[0]).toEqual(tallies[1]);
    },
    collectAgain() {
      collecting = collect();
    },
    /** Does some work of sealing in a process that is gone after so many steps. */
    async whileAlive(steps: number, work: (deps: ForgetDeps) => Promise<unknown>) {
      let left = steps;
      const onStep = () => {
        if (left-- === 0) throw new Killed();
      };
      const more = { ...keepNamedOutputs(deps.sqlite), sealedDays: sealed, dropCopies: async () => {}, onStep };
      await work({ ...deps, ...more }).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
    },
  };
}

type Both = Awaited<ReturnType<typeof openBoth>>;

async function take(
  both: Both,
  step:
    | { what: 'change'; day: number; command: number; node: number; status: string; output: number; moved: number }
    | { what: 'seal' | 'unseal' | 'remove'; day: number; dies: number }
    | { what: 'prune'; kind: PruneKind; filter: PruneSelection; dies: number }
    | { what: 'hold'; node: number; day: number }
    | (Pick<ListingQuery, 'sort' | 'isDescending' | 'limit' | 'filter'> & { what: 'ask'; asOf: number | undefined }),
): Promise<void> {
  if (step.what === 'ask') {
    const { what: _, asOf, ...query } = step;
    await compareLists(both, { ...query, include: 'outputs', ...(asOf !== undefined && { asOf: timeOf(asOf) }) });
    compareHeld(both);
  } else if (step.what === 'change') await both.record(invocationOf(step));
  else if (step.what === 'prune') await pruneBoth(both, step);
  else if (step.what === 'hold') {
    const [fromAt, toAt] = [`${DAYS[step.day]}T00:00:00.000Z`, `${DAYS[step.day]}T01:30:00.000Z`];
    const of = { instanceId: `i-${step.node}`, fromAt, toAt, reason: 'x', placedBy: 'me', placedAt: timeOf(0) };
    for (const sqlite of [both.sqlite, both.plain]) placeHold(sqlite, of);
  } else {
    const day = DAYS[step.day] ?? '';
    const work = { seal: sealDay, unseal: bringDayBack, remove: removeHotRows }[step.what];
    await both.whileAlive(step.dies, (deps) => work(deps, day));
  }
}

/**
 * Prunes both archives. A process that is killed leaves an archive that is intact, and the next one goes on. The other
 * archive keeps each day that a hold keeps in the lake.
 */
async function pruneBoth(both: Both, step: { kind: PruneKind; filter: PruneSelection; dies: number }): Promise<void> {
  const request = { kind: step.kind, selection: step.filter, by: 'me', reason: 'a rule' };
  const now = () => LATER;
  const sealed = new Set(readSealedDays(both.sqlite).map(({ day }) => day));
  await both.whileAlive(step.dies, async (deps) => {
    await pruneFile({ sqlite: deps.sqlite, now, renew: () => {} }, request);
    await forget({ ...deps, now }, request);
  });
  expect(verifyWhole(both.sqlite, { trustedKeys: [], outside: [] }).faults).toEqual([]);
  const kept = new Set<string>();
  await both.whileAlive(10_000, async (deps) => {
    for (const { day, held } of await planDays(both.sqlite, both.sealed, { ...request, nowMs: LATER.getTime() }))
      if (held > 0) kept.add(day);
    await forget({ ...deps, now }, request);
  });
  both.collectAgain();
  const holds = [...kept]
    .filter((day) => sealed.has(day))
    .map((day) => {
      const span = { fromAt: `${day}T00:00:00.000Z`, toAt: `${dayAfter(day)}T00:00:00.000Z` };
      return placeHold(both.plain, { ...span, reason: 'kept in the lake', placedBy: 'me', placedAt: timeOf(0) });
    });
  await pruneFile({ sqlite: both.plain, now, renew: () => {} }, request);
  for (const id of holds) releaseHold(both.plain, { id, reason: 'it was pruned', by: 'me', at: timeOf(0) });
}

/** Walks over all pages of both archives, which must be the same. */
async function compareLists({ sqlite, plain, sealed }: Both, query: ListingQuery): Promise<void> {
  let after: Position | undefined;
  do {
    const page = await listAllInvocations(sqlite, { ...query, after }, sealed);
    expect(page).toEqual(listInvocations(plain, { ...query, after }));
    after = page.next;
  } while (after);
}

/** Places holds that can be counted without the lake on both archives: they keep the same, and all is counted. */
function compareHeld({ sqlite, plain }: Both): void {
  const inDay = { fromAt: `${DAYS[1]}T00:00:00.000Z`, toAt: `${DAYS[3]}T00:00:00.000Z` };
  for (const scope of [
    {},
    { accountId: SOURCE.accountId, ...inDay },
    { region: 'none' },
    { commandId: commandOf(1) },
  ]) {
    const [held, expected] = [sqlite, plain].map((archive) => {
      const id = placeHold(archive, { ...scope, reason: 'x', placedBy: 'me', placedAt: timeOf(0) });
      const { invocations, toRead } = countHeldInLake(archive, id);
      const kept = countHeldBy(archive, id) + invocations;
      releaseHold(archive, { id, reason: 'counted', by: 'me', at: timeOf(0) });
      return { kept, toRead };
    });
    expect([scope, held]).toEqual([scope, expected]);
  }
}

function countsOf(sqlite: Database): unknown[] {
  return sqlite
    .prepare('SELECT day, document_name, status, invocations FROM daily_counts WHERE invocations > 0 ORDER BY 1, 2, 3')
    .all();
}

function commandOf(command: number): string {
  return `${command}${command}111111-2222-4333-8444-555555555555`;
}

function timeOf(reply: number): string {
  return new Date(Date.parse('2026-04-10T00:00:00.000Z') + reply * 60_000).toISOString();
}

/** A run of a command on a node. A command belongs to a day, but the service may change the time of a run later. */
function invocationOf(change: Extract<Parameters<typeof take>[1], { what: 'change' }>) {
  const { day, command, node, status, output, moved } = change;
  const requestedAt = Date.parse(`${DAYS[day]}T0${command}:0${node}:00.000Z`) / 1000 + moved * 86_400;
  return rawInvocation({
    ...{ CommandId: `${day}${commandOf(command).slice(1)}`, InstanceId: `i-${node}` },
    RequestedDateTime: moved === NO_TIME ? undefined : requestedAt,
    ...{ Status: status, StatusDetails: status, DocumentName: DOCUMENTS[command % 2] },
    CommandPlugins: [
      rawPlugin({ Output: `printed ${output}`, Status: status }),
      ...(output > 1 ? [rawPlugin({ Name: 'second', Output: `more ${output}` })] : []),
    ],
  });
}
