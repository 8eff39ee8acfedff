import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectToRead } from '../../../src/db/reading/connect-to-read.ts';
import { removeCopies } from '../../../src/lake/hot/copy-files.ts';
import { HotCopy } from '../../../src/lake/hot/hot-copy.ts';
import { openHotCopies } from '../../../src/lake/hot/open-hot-copies.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { recordLate } from '../record-late.ts';
import { type SealedArchive, sealedArchive } from '../sealed-archive.ts';

const START = Date.parse('2026-05-20T00:00:00.000Z');

function copiesOf({ sqlite, lake }: SealedArchive, cacheFolder = tempFolder(), cacheBytes = 1e9) {
  const clock = { ms: START };
  const copies = openHotCopies({
    place: { location: lake, cacheFolder, cacheBytes },
    connect: () => connectToRead(sqlite.name, 'usual', 5000),
    now: () => new Date(clock.ms),
  });
  const newest = () => HotCopy.parse(JSON.parse(readFileSync(join(cacheFolder, 'hot', 'newest.json'), 'utf8')));
  return { ...copies, clock, newest, cacheFolder };
}

it('a copy is used for five minutes, and the next one writes only what has changed', async () => {
  const archive = await sealedArchive({ sealed: 2, invocations: 150 });
  const { ready, clock, newest } = copiesOf(archive);
  const first = await ready();
  const before = newest();
  const [, , day = ''] = archive.days;
  recordLate(archive, day);
  clock.ms += 4 * MINUTE_MS;
  expect(await ready()).toEqual(first);
  clock.ms += 2 * MINUTE_MS;
  const second = await ready();
  expect(second.facts.asOf).toBe(new Date(clock.ms).toISOString());
  const after = newest();
  const changed = after.days.filter(({ files }, n) => files.invocations !== before.days[n]?.files.invocations);
  expect(changed.map((one) => one.day)).toEqual([day]);
});

it('another process uses the copy of the first while it is fresh, and an archive that is not the same makes its own', async () => {
  const archive = await sealedArchive({ sealed: 1, invocations: 100 });
  const { ready, newest, cacheFolder } = copiesOf(archive);
  await ready();
  const copy = newest();
  await copiesOf(archive, cacheFolder).ready();
  expect(newest()).toEqual(copy);
  const other = await sealedArchive({ sealed: 1, invocations: 100, seed: 7 });
  await copiesOf(other, cacheFolder).ready();
  expect(newest().days.map(({ files }) => files.invocations)).not.toEqual(
    copy.days.map(({ files }) => files.invocations),
  );
});

it('files that no copy needs are removed after an hour, and nobody else may read what is there', async () => {
  const archive = await sealedArchive({ sealed: 1, invocations: 100 });
  const { ready, clock, newest, cacheFolder } = copiesOf(archive);
  clock.ms = Date.now();
  await ready();
  const folder = join(cacheFolder, 'hot');
  const old = newest().whole.commands ?? '';
  for (let n = 0; n < 3; n++) {
    clock.ms += HOUR_MS + MINUTE_MS;
    await ready();
  }
  expect(readdirSync(folder)).not.toContain(old);
  expect(readdirSync(folder)).toContain(newest().whole.commands);
  expect(readdirSync(folder).filter((name) => name.startsWith('work-'))).toEqual([]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it('a copy that needs more bytes than it may have is refused in words', async () => {
  const archive = await sealedArchive({ sealed: 1, invocations: 100 });
  const { ready } = copiesOf(archive, tempFolder(), 10_000);
  await expect(ready()).rejects.toThrow(/more than the 10000 bytes.*SSM_ARCHIVE_LAKE_CACHE_BYTES/);
});

it('a prune leaves no copy of what it removed: the next question has another one, made again from all rows', async () => {
  const archive = await sealedArchive({ sealed: 1, invocations: 100 });
  const { ready, newest, cacheFolder } = copiesOf(archive);
  const first = await ready();
  const before = newest();
  await removeCopies(cacheFolder);
  expect((await ready()).path).not.toBe(first.path);
  expect(newest().days.map(({ files }) => files.invocations)).not.toEqual(
    before.days.map(({ files }) => files.invocations),
  );
  const other = copiesOf(archive, cacheFolder);
  archive.sqlite
    .prepare("INSERT INTO ledger_entries (seq, kind, entry_json) VALUES (?, 'pruned', '{}')")
    .run(9_000_000);
  const used = newest();
  await other.ready();
  expect(newest()).not.toEqual(used);
});
