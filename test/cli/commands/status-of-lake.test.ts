import { expect, it } from 'vitest';
import { sealRows } from '../../archive/sealed/seal-rows.ts';
import { archiveWith } from '../../archive/values/seen-archive.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { runCli } from '../run-cli.ts';

it('status says what is in the lake, and which day is sealed next or why it waits', async () => {
  const db = archiveWith([{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }]);
  const status = (...args: string[]) =>
    runCli(tempFolder(), ['status', ...args], { SSM_ARCHIVE_DB: db.sqlite.name, SSM_ARCHIVE_LAKE: 'lake' });
  expect((await status()).stdout).toContain('Lake       no day is sealed. The next seal seals 2026-03-01.');
  sealRows(db);
  const { stdout } = await status();
  expect(stdout).toContain('Rows       2 invocations; in the file, 0 plugins');
  expect(stdout).toContain(
    'Lake       1 day from 2026-03-01 on, 2 invocations in 0 B; first day never sealed: 2026-03-02',
  );
  expect(JSON.parse((await status('--json')).stdout)).toMatchObject({
    lake: { days: 1, floor: '2026-03-02', invocations: 2 },
    nextSeal: null,
    invocations: 2,
  });
});
