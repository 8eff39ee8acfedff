import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrateArchive } from '../../src/archive/file/migrate-archive.ts';
import { openArchive } from '../../src/db/open.ts';
import { archiveOfFirstVersion } from './archive-of-first-version.ts';
import { rowsOf, tempFolder } from './temp-archive.ts';

describe('an archive of the first version', () => {
  it('keeps its rows when it is migrated, and gets commands and counts that are computed from them', async () => {
    const path = join(tempFolder(), 'archive.db');
    const at = '2026-03-01T10:00:00.000Z';
    const row = (id: number, command: string, status: string, requestedAt: string) =>
      `(${id}, '1', 'r', '${command}', 'i-${id}', 'doc', '${requestedAt}', '${status}', '${at}', '${at}', x'00')`;
    archiveOfFirstVersion(
      path,
      `INSERT INTO invocations (id, account_id, region, command_id, instance_id, document_name, requested_at, status, first_seen_at, changed_at, fingerprint)
       VALUES ${row(1, 'a', 'Success', '2026-02-28T23:59:59.999Z')}, ${row(2, 'a', 'Success', '2026-02-28T09:00:00.000Z')}, ${row(3, 'b', 'Failed', at)}`,
    );
    await migrateArchive(path, { say() {}, signal: new AbortController().signal });
    const db = openArchive(path);
    onTestFinished(() => db.close());
    expect(rowsOf(db, 'invocations')).toHaveLength(3);
    expect(rowsOf(db, 'commands')).toMatchObject([
      { command_id: 'a', document_name: 'doc', requested_at: '2026-02-28T09:00:00.000Z' },
      { command_id: 'b', requested_at: at },
    ]);
    expect(rowsOf(db, 'daily_counts')).toMatchObject([
      { day: '2026-02-28', status: 'Success', invocations: 2 },
      { day: '2026-03-01', status: 'Failed', invocations: 1 },
    ]);
    expect(rowsOf(db, 'command_spreads')).toEqual([
      { account_id: '1', region: 'r', assumed_ms: 172_800_000, longest_ms: 53_999_999, command_id: 'a' },
    ]);
  });
});
