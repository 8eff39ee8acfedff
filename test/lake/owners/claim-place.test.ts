import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findClaim, listClaims } from '../../../src/archive/claims/list-claims.ts';
import { inspectOwners } from '../../../src/lake/inspect/inspect-owners.ts';
import { claimPlace, isOwnTurn } from '../../../src/lake/owners/claim-place.ts';
import { listOwners } from '../../../src/lake/owners/list-owners.ts';
import type { OwnerDeps } from '../../../src/lake/owners/owner-deps.ts';
import { releasePlace } from '../../../src/lake/owners/release-place.ts';
import { openFolderStore } from '../../../src/lake/store/folder-store.ts';
import type { ObjectStore } from '../../../src/lake/store/object-store.ts';
import { sentences, verifyInProcess } from '../../archive/verify/attacked-archive.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { emptyArchive } from './numbered-archive.ts';

const PLACE = { accountId: '111122223333', region: 'eu-west-1' };
const CLAIM = { by: 'alice', takesBack: true };

const newLake = () => openFolderStore(join(tempFolder(), 'lake'));

/** The same archive in a process that is killed as soon as it has put an object into the lake. */
function killedAfterPut(deps: OwnerDeps): OwnerDeps {
  const store: ObjectStore = {
    ...deps.store,
    async put(object) {
      await deps.store.put(object);
      throw new Error('killed');
    },
  };
  return { ...deps, store };
}

describe('a claim of an account and region', () => {
  it('is an object of the lake and a row of the ledger, and a second archive is told who the owner is', async () => {
    const store = newLake();
    const [zero, seven] = [emptyArchive(store, 0), emptyArchive(store, 7)];
    const turn = await claimPlace(zero, PLACE, CLAIM);
    expect(turn).toMatchObject({ ...PLACE, turn: 1, state: 'claimed', archive: 0, by: 'alice', before: null });
    expect(await claimPlace(zero, PLACE, CLAIM)).toEqual(turn);
    expect(await claimPlace(seven, PLACE, CLAIM)).toEqual(turn);
    expect([isOwnTurn(zero, turn), isOwnTurn(seven, turn)]).toEqual([true, false]);
    expect(listClaims(seven.sqlite)).toEqual([]);
    expect(listClaims(zero.sqlite)).toMatchObject([{ ...PLACE, turn: 1, releasedAt: null }]);
    expect(sentences(verifyInProcess(zero.sqlite))).toBe('');
    await expect(releasePlace(seven, PLACE, 'bob')).rejects.toThrow(
      /is owned by archive 0 of the lake since 2026-05-10T.*signed by ssm-archive\/0\. Only that archive can release it\./,
    );
  });

  it('is made by exactly one of several archives that want it at the same moment', async () => {
    const store = newLake();
    const archives = [0, 1, 2, 3].map((number) => emptyArchive(store, number));
    const turns = await Promise.all(archives.map((deps) => claimPlace(deps, PLACE, CLAIM)));
    expect(new Set(turns.map(({ archive }) => archive)).size).toBe(1);
    expect(archives.flatMap(({ sqlite }) => listClaims(sqlite))).toHaveLength(1);
    expect((await listOwners(store)).places).toEqual([turns[0]]);
  });

  it('passes to another archive once it is released, with its history, and not back without a word', async () => {
    const store = newLake();
    const [zero, seven] = [emptyArchive(store, 0), emptyArchive(store, 7)];
    await claimPlace(zero, PLACE, CLAIM);
    expect(await releasePlace(zero, PLACE, 'alice')).toMatchObject({ turn: 2, state: 'released', until: null });
    const released = await claimPlace(zero, PLACE, { by: 'seal', takesBack: false });
    expect(released).toMatchObject({ turn: 2, state: 'released' });
    expect(await claimPlace(seven, PLACE, CLAIM)).toMatchObject({ turn: 3, archive: 7, before: null });
    expect(await claimPlace(zero, PLACE, CLAIM)).toMatchObject({ turn: 3, archive: 7 });
    const keys = [];
    for await (const { key } of store.list('_ledger/owners/')) keys.push(key);
    expect(keys).toEqual([1, 2, 3].map((turn) => `_ledger/owners/account=111122223333/region=eu-west-1/${turn}.json`));
    for (const { sqlite } of [zero, seven]) expect(sentences(verifyInProcess(sqlite))).toBe('');
  });

  it('is in the ledger after the next call if the process was killed between the object and the row', async () => {
    const store = newLake();
    const zero = emptyArchive(store, 0);
    const inspected = async () =>
      (await inspectOwners({ sqlite: zero.sqlite, origins: zero.origins() }, store)).faults.join();
    await expect(claimPlace(killedAfterPut(zero), PLACE, CLAIM)).rejects.toThrow('killed');
    expect(findClaim(zero.sqlite, PLACE)).toBeUndefined();
    expect(await inspected()).toMatch(/is claimed for this archive in the lake, and not in its ledger/);
    await claimPlace(zero, PLACE, CLAIM);
    expect(findClaim(zero.sqlite, PLACE)).toMatchObject({ turn: 1, releasedAt: null });
    await expect(releasePlace(killedAfterPut(zero), PLACE, 'alice')).rejects.toThrow('killed');
    expect(findClaim(zero.sqlite, PLACE)).toMatchObject({ turn: 1, releasedAt: null });
    expect(await inspected()).toMatch(/is released by this archive in the lake, and its ledger has turn 1, not 2/);
    await releasePlace(zero, PLACE, 'alice');
    expect(findClaim(zero.sqlite, PLACE)).toMatchObject({ turn: 2, releasedBy: 'alice' });
    expect(await inspected()).toBe('');
    expect((await listOwners(store)).places).toMatchObject([{ turn: 2, state: 'released' }]);
    expect(sentences(verifyInProcess(zero.sqlite))).toBe('');
  });

  it('is refused in a sentence that names the object if the lake has something else in its place', async () => {
    const folder = join(tempFolder(), 'lake');
    const store = openFolderStore(folder);
    const zero = emptyArchive(store, 0);
    await claimPlace(zero, PLACE, CLAIM);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(folder, '_ledger/owners/account=111122223333/region=eu-west-1/2.json'), '{}');
    await expect(claimPlace(zero, PLACE, CLAIM)).rejects.toThrow(
      /region=eu-west-1\/2\.json in the lake .* is not what ssm-archive puts there/,
    );
  });
});
