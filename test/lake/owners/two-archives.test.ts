import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { InvocationView } from '../../../src/archive/invocations/invocation-view.ts';
import type { Position } from '../../../src/archive/invocations/list-invocations.ts';
import { listAllInvocations } from '../../../src/archive/whole/list-all-invocations.ts';
import { connectToRead } from '../../../src/db/reading/connect-to-read.ts';
import type { LakePlace } from '../../../src/lake/files/lake-files.ts';
import { inspectLake } from '../../../src/lake/inspect/inspect-lake.ts';
import { inspectOwners } from '../../../src/lake/inspect/inspect-owners.ts';
import { NumberTaken } from '../../../src/lake/owners/own-number.ts';
import { openSealedDays } from '../../../src/lake/read/open-sealed-days.ts';
import { planSeal } from '../../../src/lake/seal/plan-seal.ts';
import { proveDays } from '../../../src/lake/seal/prove-days.ts';
import { sealDays } from '../../../src/lake/seal/seal-days.ts';
import { openStore } from '../../../src/lake/store/open-store.ts';
import { verifyLake } from '../../../src/lake/verify/verify-lake.ts';
import { builtProgram } from '../../built-program.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { ACCOUNT } from '../../ingest/archive-trial.ts';
import { isWithoutMoto, NEEDS_MOTO, startMoto } from '../../simulator/start-moto.ts';
import { daysOf } from '../sealed-archive.ts';
import { makeBucket } from '../store/s3/moto-bucket.ts';
import { keysOf, type NumberedArchive, numberedArchive, OTHER_ACCOUNT, RIPE } from './numbered-archive.ts';

const moto = isWithoutMoto ? undefined : await startMoto();
afterAll(() => moto?.close());

const PLACES = [
  { what: 'a folder', isSkipped: false, make: () => join(tempFolder(), 'lake') },
  {
    what: `a bucket of S3 ${NEEDS_MOTO}`,
    isSkipped: isWithoutMoto,
    async make() {
      if (!moto) throw new Error('moto is missing');
      return (await makeBucket(moto)).location;
    },
  },
];

const QUERY = { filter: {}, sort: 'requestedAt', isDescending: true, limit: 9, include: 'plugins' } as const;

/** All invocations that an archive answers with, page by page, over its file and its sealed days. */
async function allOf({ sqlite }: NumberedArchive, place: LakePlace): Promise<InvocationView[]> {
  const sealed = openSealedDays({ place, connect: () => connectToRead(sqlite.name, 'usual', 5000) });
  const items: InvocationView[] = [];
  try {
    for (let after: Position | undefined; ; ) {
      const page = await listAllInvocations(sqlite, { ...QUERY, after }, sealed);
      items.push(...page.items);
      if (page.next === undefined) return items;
      after = page.next;
    }
  } finally {
    sealed.close();
  }
}

const lowestId = ({ sqlite }: NumberedArchive) => sqlite.prepare('SELECT min(id) FROM invocations').pluck().get();

describe.each(PLACES)('two archives that share a lake in $what', ({ isSkipped, make }) => {
  it.skipIf(isSkipped)('seal at the same time, and each reads and verifies its own rows alone', async () => {
    const location = await make();
    const store = await openStore(location);
    onTestFinished(() => store.close());
    const zero = await numberedArchive(store, { number: 0, accountId: ACCOUNT, invocations: 25 });
    const seven = await numberedArchive(store, { number: 7, accountId: OTHER_ACCOUNT, invocations: 25 });
    expect([zero, seven].map(lowestId)).toEqual([1, 7 * 2 ** 40 + 1]);
    const before = new Map<NumberedArchive, InvocationView[]>();
    const place = () => ({ location, cacheFolder: join(tempFolder(), 'cache'), cacheBytes: 1e9 });
    for (const archive of [zero, seven]) before.set(archive, await allOf(archive, place()));
    const runs = await Promise.all(
      [zero, seven].map(({ deps, sqlite }) => sealDays(deps, { ...RIPE, before: daysOf(sqlite)[3] })),
    );
    for (const { deps } of [zero, seven]) await proveDays(deps);
    for (const { sealed, waiting } of runs) {
      expect(waiting).toEqual([]);
      expect(sealed).toHaveLength(3);
    }
    for (const archive of [zero, seven]) {
      const { sqlite } = archive;
      const verified = await verifyLake({
        ...{ path: sqlite.name, place: place(), random: Math.random, program: builtProgram('lake-verifier') },
      });
      expect(verified.faults).toEqual([]);
      expect(verified.days).toBe(3);
      const after = await allOf(archive, place());
      expect(after.length).toBeGreaterThan(20);
      expect(after).toEqual(before.get(archive));
      expect(await inspectLake(sqlite, store)).toMatchObject({
        ...{ missing: [], unnamed: [], resized: [], foreign: [] },
        ofOthers: new Map([[archive === zero ? 7 : 0, expect.any(Number)]]),
      });
      const owners = await inspectOwners({ sqlite, origins: archive.deps.origins() }, store);
      expect(owners).toMatchObject({ faults: [], numberOf: undefined, archives: [{ archive: 0 }, { archive: 7 }] });
    }
    await expectRefusals(store);
  });
});

/** A third archive with a claimed account puts no row there, and one with a number that is taken puts nothing there. */
async function expectRefusals(store: Awaited<ReturnType<typeof openStore>>): Promise<void> {
  const third = await numberedArchive(store, { number: 9, accountId: ACCOUNT });
  const { sealed, waiting } = await sealDays(third.deps, RIPE);
  expect(sealed).toEqual([]);
  const why = expect.stringMatching(/^has invocations of 111122223333 eu-west-1, which archive 0 of the lake owns\./);
  expect(waiting).toEqual([{ day: expect.any(String), why }]);
  // The file knows it from now on, without the lake.
  expect(planSeal(third.sqlite, RIPE).waiting).toEqual(waiting);
  const keys = await keysOf(store);
  expect(keys.filter((key) => key.includes('archive-9'))).toEqual(['_ledger/archive-9/owner.json']);
  const double = await numberedArchive(store, { number: 7, accountId: '777788889999', origin: 'ssm-archive/double' });
  await expect(sealDays(double.deps, RIPE)).rejects.toThrow(NumberTaken);
  await expect(sealDays(double.deps, RIPE)).rejects.toThrow(/signed by ssm-archive\/7, and .* is another archive/);
  expect(await keysOf(store)).toEqual(keys);
}
