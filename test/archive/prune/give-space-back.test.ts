import { statSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { giveSpaceBack, readSpace, writeAnew } from '../../../src/archive/prune/give-space-back.ts';
import { prune } from '../../../src/archive/prune/prune.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { page, rawInvocation, rawPlugin } from '../raw-invocation.ts';
import { sentences, verifyInProcess } from '../verify/attacked-archive.ts';

/** An archive of a few megabytes, nearly all of which is pruned. */
async function pruned(path: string) {
  const db = openArchive(path);
  const record = createSingleReplyRecorder(db.sqlite);
  for (let n = 0; n < 40; n++)
    record(
      page(
        Array.from({ length: 50 }, (_, i) =>
          rawInvocation({
            ...{ CommandId: `c-${n}`, InstanceId: `i-${i}`, DocumentName: n < 38 ? 'old' : 'new' },
            CommandPlugins: [rawPlugin({ Output: `${n} ${i} ${'x'.repeat(2000)}` })],
          }),
        ),
      ),
    );
  db.sqlite.pragma('wal_checkpoint(TRUNCATE)');
  const before = statSync(path).size;
  await prune(
    { sqlite: db.sqlite, now: () => new Date('2026-12-01T00:00:00Z'), renew: () => {} },
    { kind: 'invocations', selection: { documentName: 'old' }, by: 'me', reason: 'old' },
  );
  return { db, before };
}

describe('giving space back', () => {
  it('makes the file small while a reader reads, and does not disturb the reader', async () => {
    const path = join(tempFolder(), 'archive.db');
    const { db, before } = await pruned(path);
    expect(readSpace(db.sqlite).freeBytes).toBeGreaterThan(before / 2);
    const reader = new SQLite(path, { readonly: true });
    reader.exec('BEGIN');
    const read = () => reader.prepare('SELECT count(*), sum(length(text)) FROM outputs').raw().get();
    const seen = read();
    const told: number[] = [];
    await giveSpaceBack(db.sqlite, { onProgress: ({ freeBytes }) => told.push(freeBytes) });
    expect(read()).toEqual(seen);
    reader.exec('COMMIT');
    // The reader has ended, so the -wal can be copied into the file now.
    const space = await giveSpaceBack(db.sqlite, {});
    expect(read()).toEqual(seen);
    expect(told.length).toBeGreaterThan(1);
    expect(space).toMatchObject({ freeBytes: 0, isIncremental: true });
    expect(statSync(path).size).toBe(space.bytes);
    expect(statSync(path).size).toBeLessThan(before / 5);
    expect(sentences(verifyInProcess(db.sqlite))).toBe('');
    reader.close();
    db.close();
  });

  it('is reported as impossible for a file of an older version until that file is rewritten', async () => {
    const path = join(tempFolder(), 'archive.db');
    const older = new SQLite(path);
    older.exec('CREATE TABLE t (a); DROP TABLE t');
    older.close();
    const { db } = await pruned(path);
    const left = await giveSpaceBack(db.sqlite, {});
    expect(left.isIncremental).toBe(false);
    expect(left.freeBytes).toBeGreaterThan(0);
    expect(writeAnew(db.sqlite)).toMatchObject({ isIncremental: true, freeBytes: 0 });
    expect(sentences(verifyInProcess(db.sqlite))).toBe('');
    db.close();
  });
});
