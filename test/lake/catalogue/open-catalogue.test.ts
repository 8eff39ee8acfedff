import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSealedDays } from '../../../src/archive/sealed/read-sealed-days.ts';
import type { Catalogue } from '../../../src/lake/catalogue/catalogue.ts';
import { openCatalogue } from '../../../src/lake/catalogue/open-catalogue.ts';
import { forget } from '../../../src/lake/forget/forget.ts';
import { openStore } from '../../../src/lake/store/open-store.ts';
import { keyOfManifest } from '../../../src/lake/tables/object-key.ts';
import { dayAfter } from '../../../src/lib/time.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { forgetDeps } from '../forget/forgetting.ts';
import { type LakeOfTwo, lakeOfTwo, signAndProve } from './lake-of-two.ts';

const now = () => new Date('2026-06-01T00:00:00.000Z');
const read = ({ store, keys: own }: LakeOfTwo, keys = own) =>
  openCatalogue({ store, keysOf: (archive) => keys.get(archive) ?? [], now }).read();

const statesOf = ({ archives }: Catalogue, archive: number) =>
  archives.find((one) => one.archive === archive)?.days.map(({ state }) => state);

/** Changes a manifest of archive 7, reads the catalogue, and puts the manifest back. */
async function withManifest(made: LakeOfTwo, n: number, change: (text: string) => string) {
  const [, seven] = made.archives;
  const path = join(made.location, keyOfManifest(7, seven.days[n] ?? '', 1));
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, change(text));
  try {
    return await read(made);
  } finally {
    writeFileSync(path, text);
  }
}

describe('the catalogue of a lake', () => {
  it('has each archive with the days that its ledger names, up to its floor, and who signed them', async () => {
    const made = await lakeOfTwo();
    const found = await read(made);
    expect(found).toMatchObject({ listedAt: now().toISOString(), archives: [{ archive: 0 }, { archive: 7 }] });
    expect(found.places.map(({ accountId, archive }) => [accountId, archive])).toEqual(
      made.archives.map(({ accountId, number }) => [accountId, number]),
    );
    for (const { sqlite, number, verifierKey } of made.archives) {
      const archive = found.archives.find((one) => one.archive === number);
      const expected = readSealedDays(sqlite);
      expect(expected.length).toBe(5);
      expect(archive?.days.map((day) => (day.state === 'sealed' ? day.sealed : day))).toEqual(expected);
      expect(archive).toMatchObject({ isPinned: true, floor: dayAfter(expected.at(-1)?.day ?? '') });
      for (const day of archive?.days ?? []) expect(day).toMatchObject({ signedBy: verifierKey.split('+')[0] });
    }
  });

  it('says of an archive without a pinned key that nobody known has signed it, and refuses all days of a wrong key', async () => {
    const made = await lakeOfTwo();
    const [zero, seven] = made.archives;
    const unknown = await read(made, new Map([[0, [zero.verifierKey]]]));
    expect(unknown.archives[1]).toMatchObject({ isPinned: false });
    for (const day of unknown.archives[1]?.days ?? []) expect(day).toMatchObject({ state: 'sealed', signedBy: null });
    const wrong = await read(made, new Map([[7, [zero.verifierKey]]]));
    for (const day of wrong.archives[1]?.days ?? [])
      expect(day).toMatchObject({
        state: 'unreadable',
        why: expect.stringMatching(/^_ledger\/archive-7\/.* that no pinned key/),
      });
    expect(statesOf(wrong, 0)).not.toContain('unreadable');
    const renewed = await read(made, new Map([[7, [zero.verifierKey, seven.verifierKey]]]));
    expect(statesOf(renewed, 7)).not.toContain('unreadable');
  });

  it('a day whose manifest was changed is unreadable, and no other', async () => {
    const made = await lakeOfTwo();
    const changes: ((text: string) => string)[] = [
      (text) => text.replace('\\"treeSize\\":', '\\"treeSize\\":1'),
      (text) => text.replace(/"root":"../, '"root":"zz'),
      () => 'null',
      (text) => text.replace(/"checkpoint":"/, '"checkpoint":"x'),
      (text) => text.replaceAll('invocations/day=', 'invocations/../day='),
    ];
    for (const change of changes) {
      const states = statesOf(await withManifest(made, 2, change), 7);
      expect(states).toEqual(['sealed', 'sealed', 'unreadable', 'sealed', 'sealed']);
    }
  });

  it('a manifest without a proof at the end is of a seal that has not ended, and before other days it is unreadable', async () => {
    const made = await lakeOfTwo();
    const bare = (text: string) => JSON.stringify({ manifest: JSON.parse(text).manifest });
    const [, { sealed, days }] = made.archives;
    const last = await withManifest(made, sealed - 1, bare);
    expect(last.archives[1]).toMatchObject({ floor: dayAfter(days[sealed - 2] ?? '') });
    expect(statesOf(last, 7)).toHaveLength(sealed - 1);
    expect(statesOf(await withManifest(made, 1, bare), 7)?.[1]).toBe('unreadable');
  });

  it('a lake that is empty has no archive', async () => {
    const folder = join(tempFolder(), 'lake');
    const store = await openStore(folder);
    const catalogue = openCatalogue({ store, keysOf: () => [], now });
    expect(await catalogue.read()).toMatchObject({ archives: [], places: [] });
    store.close();
  });
});

it('a pruned day is known by its tombstone, and the tombstone of another day is none', async () => {
  const own = await lakeOfTwo();
  const [zero] = own.archives;
  const [first = '', second = ''] = zero.days;
  const deps = forgetDeps({ ...zero, store: own.store, lake: own.location, days: zero.days, sealed: zero.days });
  await forget(deps, {
    ...{ kind: 'invocations', by: 'me', reason: 'a rule' },
    selection: { requestedBefore: `${second}T00:00:00.000Z` },
  });
  await signAndProve(zero);
  const states = statesOf(await read(own, own.keys), 0);
  expect(states?.slice(0, 2)).toEqual(['pruned', 'sealed']);
  const folder = join(own.location, '_ledger/archive-0/sealed');
  expect(readdirSync(join(folder, `day=${first}`))).toEqual(['g1-pruned.json', 'g1.json']);
  renameSync(join(folder, `day=${first}/g1-pruned.json`), join(folder, `day=${second}/g1-pruned.json`));
  const [one, two] = (await read(own, own.keys)).archives[0]?.days ?? [];
  expect(one?.state).toBe('sealed');
  expect(two).toMatchObject({ state: 'unreadable', why: expect.stringContaining('is about another day') });
  rmSync(join(folder, `day=${second}/g1-pruned.json`));
});
