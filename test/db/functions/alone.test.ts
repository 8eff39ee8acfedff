import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addFunctions } from '../../../src/db/functions/add-functions.ts';
import { openArchive, openArchiveReadOnly } from '../../../src/db/open.ts';
import { tempFolder } from '../temp-archive.ts';

it.each([
  ["contains('no space left', 'space')", 1],
  ["contains_text('No Space', 'space')", 1],
  ["decode_text('plain')", 'plain'],
  ["local_time('2026-07-01T10:00:00.000Z', 'Europe/Berlin')", '2026-07-01 12:00:00'],
])('%s means in an archive that stands alone what it means in one that is open', async (sql, value) => {
  const open = openArchive(join(tempFolder(), 'archive.db'));
  const alone = join(tempFolder(), 'archive.db');
  await open.sqlite.backup(alone);
  open.close();
  const archive = openArchiveReadOnly(alone);
  try {
    // Another driver reads such a file: nothing may be written beside it.
    expect(archive.mode).not.toBe('usual');
    addFunctions(archive.sqlite);
    expect(archive.sqlite.prepare(`SELECT ${sql}`).pluck().get()).toBe(value);
    expect(() => archive.sqlite.prepare(`SELECT ${sql.slice(0, -1)}, 1, 2, 3)`)).toThrow('wrong number of arguments');
  } finally {
    archive.close();
  }
});
