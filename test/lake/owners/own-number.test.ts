import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimPlace } from '../../../src/lake/owners/claim-place.ts';
import { ownNumber } from '../../../src/lake/owners/own-number.ts';
import { releasePlace } from '../../../src/lake/owners/release-place.ts';
import { planSeal } from '../../../src/lake/seal/plan-seal.ts';
import { sealDays } from '../../../src/lake/seal/seal-days.ts';
import { openFolderStore } from '../../../src/lake/store/folder-store.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { ACCOUNT, REGION } from '../../ingest/archive-trial.ts';
import { sealedArchive } from '../sealed-archive.ts';
import { emptyArchive, keysOf, numberedArchive, RIPE } from './numbered-archive.ts';

const PLACE = { accountId: ACCOUNT, region: REGION };

describe('a lake from before archives had owners', () => {
  it('is taken over by the archive whose sealed days it has, and refused to another with the same number', async () => {
    const { deps, store, lake } = await sealedArchive({ sealed: 2, invocations: 60 });
    rmSync(join(lake, '_ledger', 'archive-0', 'owner.json'));
    rmSync(join(lake, '_ledger', 'owners'), { recursive: true });
    const before = await keysOf(store);
    const other = await numberedArchive(store, { number: 0, accountId: ACCOUNT });
    await expect(sealDays(other.deps, RIPE)).rejects.toThrow(
      /has _ledger\/archive-0\/sealed\/day=.*\/g1\.json, which the ledger of .* does not name\. Either another archive/,
    );
    await expect(ownNumber({ ...emptyArchive(store, 0), origins: () => ['x'] })).rejects.toThrow(/does not name/);
    expect(await keysOf(store)).toEqual(before);
    await ownNumber(deps);
    await ownNumber(deps);
    expect((await keysOf(store)).filter((key) => !before.includes(key))).toEqual(['_ledger/archive-0/owner.json']);
  });
});

describe('an account that moves from one archive of a lake to another', () => {
  it('is released when all of it is sealed, and days that the first archive has are not sealed a second time', async () => {
    const store = openFolderStore(join(tempFolder(), 'lake'));
    const zero = await numberedArchive(store, { number: 0, accountId: ACCOUNT });
    await ownNumber(zero.deps);
    await claimPlace(zero.deps, PLACE, { by: 'alice', takesBack: true });
    await expect(releasePlace(zero.deps, PLACE, 'alice')).rejects.toThrow(
      /has \d+ invocations of 111122223333 eu-west-1 that are not sealed yet, so it is not released/,
    );
    const { sealed } = await sealDays(zero.deps, RIPE);
    const last = sealed.at(-1)?.day ?? '';
    const release = await releasePlace(zero.deps, PLACE, 'alice');
    expect(release.until?.slice(0, 10) ?? '').toBe(new Date(Date.parse(last) + 86_400_000).toISOString().slice(0, 10));
    const seven = await numberedArchive(store, { number: 7, accountId: ACCOUNT });
    const run = await sealDays(seven.deps, RIPE);
    expect(run.sealed).toEqual([]);
    expect(run.waiting[0]?.why).toMatch(
      new RegExp(`what was requested there before ${release.until} is in the lake by archive 0 already`),
    );
    await claimPlace(seven.deps, PLACE, { by: 'bob', takesBack: true });
    expect((await sealDays(seven.deps, RIPE)).waiting[0]?.why).toMatch(/is in the lake by archive 0 already/);
    expect((await keysOf(store)).filter((key) => key.includes('archive-7'))).toEqual(['_ledger/archive-7/owner.json']);
    // The first archive brings a day back and seals it again: its rows stay its own.
    zero.sqlite.prepare('UPDATE sealed_days SET is_unsealed = 1 WHERE day = ?').run(last);
    expect(planSeal(zero.sqlite, RIPE).waiting).toEqual([]);
  });

  it('waits in the archive that has released it, which takes it back only if somebody says so', async () => {
    const store = openFolderStore(join(tempFolder(), 'lake'));
    const empty = emptyArchive(store, 0);
    await claimPlace(empty, PLACE, { by: 'alice', takesBack: true });
    await releasePlace(empty, PLACE, 'alice');
    const zero = await numberedArchive(store, { number: 0, accountId: ACCOUNT });
    const run = await sealDays(zero.deps, RIPE);
    expect(run.sealed).toEqual([]);
    expect(run.waiting[0]?.why).toMatch(/which this archive has released\..*"ssm-archive lake claim" takes it back/);
    await claimPlace(zero.deps, PLACE, { by: 'alice', takesBack: true });
    expect((await sealDays(zero.deps, RIPE)).sealed.length).toBeGreaterThan(1);
  });
});
