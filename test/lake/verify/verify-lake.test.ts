import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { readSealedDays } from '../../../src/archive/sealed/read-sealed-days.ts';
import { sizeToVerify } from '../../../src/archive/verify/plan-parts.ts';
import { openObjects } from '../../../src/lake/cache/open-objects.ts';
import { monthsOfLake } from '../../../src/lake/seal/months/months-of-lake.ts';
import { openFolderStore } from '../../../src/lake/store/folder-store.ts';
import { judgeDays, type LakeVerdict } from '../../../src/lake/verify/judge-days.ts';
import type { VerifiedDay } from '../../../src/lake/verify/verified-day.ts';
import type { VerifiedMonth } from '../../../src/lake/verify/verified-month.ts';
import { verifyDay } from '../../../src/lake/verify/verify-day.ts';
import { verifyLake } from '../../../src/lake/verify/verify-lake.ts';
import { verifyMonth } from '../../../src/lake/verify/verify-month.ts';
import { asAttacker, opened } from '../../archive/verify/attacked-archive.ts';
import { builtProgram } from '../../built-program.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { type SealedArchive, sealedArchive } from '../sealed-archive.ts';

/** Verifies a copy of the archive and of its lake in this process, after attacks on the copies. */
async function verdictOf(
  { sqlite, lake }: SealedArchive,
  { ofFile = () => {}, ofLake = () => {} }: { ofFile?(copy: Database): void; ofLake?(folder: string): void } = {},
): Promise<LakeVerdict> {
  const bytes = sqlite.serialize();
  // A file in memory has no WAL beside it.
  bytes.fill(1, 18, 20);
  const copy = opened({ bytes });
  onTestFinished(() => void copy.close());
  asAttacker(copy, () => ofFile(copy));
  const folder = join(tempFolder(), 'lake');
  cpSync(lake, folder, { recursive: true });
  ofLake(folder);
  const store = openFolderStore(folder);
  const objects = openObjects(store, { folder: tempFolder(), maxBytes: 0 });
  const days = readSealedDays(copy);
  const found: VerifiedDay[] = [];
  for (const day of days) found.push(await verifyDay({ sqlite: copy, store, objects }, day));
  const months: VerifiedMonth[] = [];
  for (const month of monthsOfLake(copy)) {
    const one = await verifyMonth({ sqlite: copy, store, objects }, month);
    if (one) months.push(one);
  }
  return judgeDays(copy, { found, months, size: sizeToVerify(copy), ofDays: days.length });
}

const sentences = ({ faults }: LakeVerdict) => faults.map(({ what }) => what).join('\n');

it('a sealed lake has each leaf exactly once, with the rows that the ledger saw', async () => {
  const archive = await sealedArchive();
  const verdict = await verdictOf(archive);
  expect(sentences(verdict)).toBe('');
  const [invocations, leaves] = archive.sqlite
    .prepare<[], [number, number]>('SELECT sum(invocations), sum(leaves) FROM sealed_days')
    .raw()
    .get() ?? [0, 0];
  expect(verdict).toMatchObject({ days: 3, ofDays: 3, objects: 18, invocations, leaves });
  expect(leaves).toBeGreaterThan(20);
});

it('an object that is missing or changed, and a manifest that is not the one of the ledger, are named', async () => {
  const archive = await sealedArchive();
  const [day = ''] = archive.sealed;
  const at = (folder: string, table: string) => join(folder, table, `day=${day}`, 'archive-0.parquet');
  const attacks: [(folder: string) => void, RegExp][] = [
    [(folder) => rmSync(at(folder, 'plugins')), /plugins\/day=\S+ is missing/],
    [(folder) => writeFileSync(at(folder, 'revisions'), 'x'), /revisions\/day=\S+ has 1 bytes, and the ledger says/],
    [
      (folder) => {
        const [other = ''] = readdirSync(join(folder, 'invocations')).filter((name) => !name.endsWith(day));
        cpSync(join(folder, 'invocations', other, 'archive-0.parquet'), at(folder, 'invocations'));
      },
      /invocations\/day=\S+ has /,
    ],
    [
      (folder) => rmSync(join(folder, '_ledger', 'archive-0', 'sealed', `day=${day}`), { recursive: true }),
      /the lake lacks its manifest _ledger/,
    ],
    [
      (folder) =>
        writeFileSync(join(folder, '_ledger', 'archive-0', 'sealed', `day=${day}`, 'g1.json'), '{"manifest":"{}"}'),
      /is not the one that the ledger names/,
    ],
  ];
  for (const [ofLake, says] of attacks) expect(sentences(await verdictOf(archive, { ofLake }))).toMatch(says);
});

it('a leaf that is in neither place, and counts that are not those of the lake, are named', async () => {
  const archive = await sealedArchive();
  const run = (sql: string) => (copy: Database) => void copy.prepare(sql).run();
  const attacks: [string, RegExp][] = [
    [
      'DELETE FROM revisions WHERE seq = (SELECT max(seq) FROM revisions)',
      /leaf \d+ has its row neither in the file nor in the lake/,
    ],
    ['UPDATE sealed_commands SET invocations = invocations + 1 WHERE id = 1', /sealed_commands has the wrong number/],
    [
      "UPDATE daily_counts SET status = 'Other' WHERE day = (SELECT min(day) FROM sealed_days)",
      /daily_counts has the wrong number of invocations for \[/,
    ],
    ['UPDATE sealed_days SET last_id = last_id + 1', /the number and bounds of ids of its rows are/],
    [
      'UPDATE ledger_tiles SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND number = 0',
      /its leaf is not leaf \d+ of the ledger/,
    ],
  ];
  for (const [sql, says] of attacks)
    expect(sentences(await verdictOf(archive, { ofFile: run(sql) })), sql).toMatch(says);
});

it('a value of sealed days that is missing, forged or on other days in the file is named', async () => {
  const archive = await sealedArchive();
  const [value = ''] = archive.sqlite
    .prepare<[], string>("SELECT value FROM sealed_values WHERE kind = 'instanceName' ORDER BY 1")
    .pluck()
    .all();
  const attacks: [string, RegExp][] = [
    [
      `DELETE FROM sealed_values WHERE kind = 'instanceName' AND value = '${value}'`,
      new RegExp(`sealed_values lacks the instanceName "${value}" of \\d+, \\S+, so it does not count as seen`),
    ],
    ["DELETE FROM sealed_values WHERE kind = 'place'", /sealed_values lacks the place ""/],
    [
      "INSERT INTO sealed_values SELECT kind, 'forged', account_id, region, first_day, last_day FROM sealed_values WHERE kind = 'documentName' LIMIT 1",
      /^sealed_values has the documentName "forged" of \d+, \S+, which no sealed day has$/,
    ],
    [
      "UPDATE sealed_values SET last_day = '2026-01-02', first_day = '2026-01-02' WHERE kind = 'place'",
      /sealed_values says of the place "" of \d+, \S+ that no day before 2026-01-02 or after 2026-01-02 has it/,
    ],
  ];
  for (const [sql, expected] of attacks)
    expect(sentences(await verdictOf(archive, { ofFile: (copy) => copy.exec(sql) })), sql).toMatch(expected);
});

it('processes verify the days of a lake, or some of them at random, and tell how far they are', async () => {
  const { sqlite, lake } = await sealedArchive();
  const place = { location: lake, cacheFolder: tempFolder(), cacheBytes: 0 };
  const question = { path: sqlite.name, place, program: builtProgram('lake-verifier') };
  const progress: { leaves: number; of: number }[] = [];
  const all = await verifyLake({ ...question, random: Math.random, onProgress: (now) => progress.push(now) });
  expect(sentences(all)).toBe('');
  expect(progress.at(-1)).toEqual({ leaves: all.leaves, of: all.leaves });
  const some = await verifyLake({ ...question, sample: 1, random: () => 0.99 });
  expect(some).toMatchObject({ days: 1, ofDays: 3, faults: [] });
});

it('a lake whose folder is gone has each of its objects named as missing', async () => {
  const { sqlite } = await sealedArchive();
  const place = { location: join(tempFolder(), 'none'), cacheFolder: tempFolder(), cacheBytes: 0 };
  const verdict = await verifyLake({
    ...{ path: sqlite.name, place, random: Math.random },
    program: builtProgram('lake-verifier'),
  });
  expect(sentences(verdict)).toMatch(/is missing/);
});

it('the commands of a month in the lake are compared with the file, where a command that changed since is no fault', async () => {
  const archive = await sealedArchive({ sealed: 99, invocations: 12 });
  const commands = archive.sqlite.prepare('SELECT count(*) FROM commands').pluck().get();
  expect(await verdictOf(archive)).toMatchObject({ months: 1, commands, changedCommands: 0, faults: [] });
  const ofFile = (copy: Database) =>
    void copy.prepare("UPDATE commands SET comment = 'later' WHERE rowid = (SELECT min(rowid) FROM commands)").run();
  expect(await verdictOf(archive, { ofFile })).toMatchObject({ commands, changedCommands: 1, faults: [] });
  const path = (folder: string) => join(folder, 'commands', 'month=2026-03', 'archive-0.parquet');
  const missing = await verdictOf(archive, { ofLake: (folder) => rmSync(path(folder)) });
  expect(sentences(missing)).toMatch('the commands of 2026-03 in the lake: commands/month=2026-03');
  const other = await verdictOf(archive, { ofLake: (folder) => writeFileSync(path(folder), 'x') });
  expect(sentences(other)).toMatch(/the commands of 2026-03 in the lake: \S+ has 1 bytes/);
});
