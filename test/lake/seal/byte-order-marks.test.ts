import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { openArchive } from '../../../src/db/open.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import { page, rawInvocation, rawPlugin } from '../../archive/raw-invocation.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { sealOneDay } from '../seal-one-day.ts';
import { lakeSqlTrial } from '../sql/lake-sql-trial.ts';

it('a day whose outputs and comments begin with a byte order mark is sealed, and the lake has the marks', async () => {
  const folder = tempFolder();
  const path = join(folder, 'archive.db');
  const { sqlite, close } = openArchive(path);
  const texts = { Comment: '\ufeffof a file', CommandPlugins: [rawPlugin({ Output: '\ufeffof PowerShell' })] };
  const requested = Date.parse('2026-03-01T09:00:00Z') / 1000;
  createSingleReplyRecorder(sqlite)(page([rawInvocation({ ...texts, RequestedDateTime: requested })]));
  bringIntoLedger(sqlite);
  await sealOneDay(path, folder, '2026-03-01');
  const { rows } = lakeSqlTrial(path, folder);
  expect(await rows('archive', 'SELECT count(*) FROM invocations')).toEqual([[0]]);
  expect(await rows('lake', 'SELECT comment, output FROM plugin_runs')).toEqual([
    ['\ufeffof a file', '\ufeffof PowerShell'],
  ]);
  close();
});
