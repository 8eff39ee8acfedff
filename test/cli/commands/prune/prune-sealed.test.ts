import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { readAllSealedDays } from '../../../../src/archive/sealed/read-sealed-days.ts';
import { tempFolder } from '../../../db/temp-archive.ts';
import { sealedArchive } from '../../../lake/sealed-archive.ts';
import { runCli } from '../../run-cli.ts';

/** An archive of March 2026 with three sealed days. */
async function setUp(env: Record<string, string> = {}) {
  const { sqlite, trial, lake, sealed } = await sealedArchive({ invocations: 120 });
  const folder = tempFolder();
  const db = join(folder, 'archive.db');
  await sqlite.backup(db);
  copyFileSync(trial.config.ledgerKey, join(folder, 'archive-ledger.key'));
  const settings = { SSM_ARCHIVE_DB: db, SSM_ARCHIVE_LAKE: lake, ...env };
  const read = <Result>(ask: (sqlite: SQLite.Database) => Result): Result => {
    const archive = new SQLite(db, { readonly: true });
    try {
      return ask(archive);
    } finally {
      archive.close();
    }
  };
  return { lake, sealed, read, cli: (...args: string[]) => runCli(folder, args, settings) };
}

it('prune says what goes of sealed days, removes it from the lake, and verify shows that nothing of it is left', async () => {
  const { cli, sealed, lake, read } = await setUp();
  const [first = '', second = '', third = ''] = sealed;
  const plan = await cli('prune', '--before', third);
  expect(plan.stderr).toBe('');
  expect(plan.stdout).toMatch(new RegExp(`Sealed    2 days as a whole, \\d+ invocations?: ${first}, ${second}\n`));
  const done = await cli('prune', '--before', third, '--execute', '--reason', 'a rule', '--by', 'me');
  expect(done).toMatchObject({ exitCode: 0 });
  expect(done.stdout).toMatch(
    /Sealed {4}2 days as a whole, .*\n {10}12 objects gone from the lake, each version counted\n/,
  );
  for (const day of [first, second])
    expect(existsSync(join(lake, 'invocations', `day=${day}`, 'archive-0.parquet'))).toBe(false);
  expect(read(readAllSealedDays).map(({ prunedSeq }) => prunedSeq !== null)).toEqual([true, true, false]);
  const verified = await cli('verify', '--lake');
  expect(verified.exitCode, verified.stdout + verified.stderr).toBe(0);
  expect(verified.stdout + verified.stderr).toContain(
    '12 objects in the lake of which something was pruned: no version with what was pruned is left.',
  );
  const doctor = await cli('doctor', '--lake');
  expect(doctor.stdout).not.toMatch(/missing|no manifest/);
  expect((await cli('unseal', '--day', first)).stderr).toContain(`${first} was pruned, and nothing of it is left`);
  expect((await cli('prune', '--before', third)).stdout).toContain('There is nothing to prune.');
});

it('prune of sealed days without a lake in the configuration says what to do, and removes nothing', async () => {
  const { cli, sealed, read } = await setUp({ SSM_ARCHIVE_LAKE: '' });
  const refused = await cli('prune', '--before', '2026-08-01', '--execute', '--reason', 'x', '--by', 'me');
  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('are sealed, and no lake is configured: nothing was removed.');
  expect(
    read((sqlite) => sqlite.prepare("SELECT count(*) FROM ledger_entries WHERE kind = 'pruned'").pluck().get()),
  ).toBe(0);
  expect(read(readAllSealedDays)).toHaveLength(sealed.length);
});
