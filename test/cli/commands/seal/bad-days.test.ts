import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { setUp } from './seal-trial.ts';

it('an object with wrong bytes or that is gone is named by what needs it, without a stack trace', async () => {
  const { cli, days, lake } = await setUp();
  const [first = '', second = ''] = days;
  expect(await cli('seal', '--before', second)).toMatchObject({ exitCode: 0 });
  const path = join(lake, 'plugins', `day=${first}`, 'archive-0.parquet');
  const bytes = readFileSync(path);
  bytes.fill(0xff, Math.floor(bytes.length / 4), Math.floor(bytes.length / 2));
  writeFileSync(path, bytes);
  const pack = () => cli('evidence', '--from', first, '--to', second, '--output', 'pack.zip');
  const damaged = await pack();
  expect(damaged).toMatchObject({ exitCode: 1, stdout: '' });
  const notOfLedger =
    /^The object plugins\/day=\S+ in the lake \S+ is missing, or is not the one that the ledger names .* Run "ssm-archive verify --lake" .*\n$/;
  expect(damaged.stderr).toMatch(notOfLedger);
  rmSync(path);
  const gone = await pack();
  expect(gone).toMatchObject({ exitCode: 1, stdout: '' });
  expect(gone.stderr).toMatch(notOfLedger);
});
