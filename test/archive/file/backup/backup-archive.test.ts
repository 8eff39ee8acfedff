import { join } from 'node:path';
import { expect, it } from 'vitest';
import { backupArchive } from '../../../../src/archive/file/backup/backup-archive.ts';
import { openArchive } from '../../../../src/archive/file/open-archive.ts';
import { createSingleReplyRecorder } from '../../../../src/archive/record/record-replies.ts';
import { openArchiveReadOnly } from '../../../../src/db/open.ts';
import { tempFolder } from '../../../db/temp-archive.ts';
import { fillArchive } from '../../../service/fill-archive.ts';
import { page, rawInvocation } from '../../raw-invocation.ts';

const ROWS = 60_000;

it('a backup does not start over because of writes between its steps, and contains none of these writes', async () => {
  const folder = tempFolder();
  const [path, target] = [join(folder, 'archive.db'), join(folder, 'copy.db')];
  fillArchive(path, ROWS);
  const writer = openArchive(path);
  const record = createSingleReplyRecorder(writer.sqlite);
  const source = openArchiveReadOnly(path);
  const steps: number[] = [];
  const endless = new AbortController();
  const backup = await backupArchive(source.sqlite, {
    target,
    signal: endless.signal,
    onProgress: ({ pages, of }) => {
      steps.push(pages);
      if (steps.length > of) endless.abort();
      record(page([rawInvocation({ InstanceId: `i-${steps.length}` })]));
    },
  });
  source.close();
  const count = (db: typeof writer) => db.sqlite.prepare('SELECT count(*) FROM invocations').pluck().get();
  expect(count(writer)).toBe(ROWS + steps.length);
  writer.close();
  expect(steps.length).toBeGreaterThan(2);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  const copy = openArchiveReadOnly(target);
  expect(count(copy)).toBe(ROWS);
  copy.close();
  expect(backup.checkpoint).toBeUndefined();
});
