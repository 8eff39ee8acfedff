import { hostname } from 'node:os';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { holdServerLease } from '../../../src/archive/file/server-lease.ts';
import { type ArchiveDb, openArchive } from '../../../src/db/open.ts';
import { rowsOf, tempArchive } from '../../db/temp-archive.ts';

const NOW = Date.parse('2026-03-01T10:00:00.000Z');

function held(db: ArchiveDb, isHere = () => true) {
  const clock = { ms: NOW };
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const lease = holdServerLease({ writer: () => db.sqlite, isHere, now: () => new Date(clock.ms) });
  const pass = (ms: number) => {
    clock.ms += ms;
    vi.advanceTimersByTime(ms);
  };
  return { lease, pass };
}

describe('the lease of a server', () => {
  it('is in the archive from the server’s start, is renewed as long as the server runs, and is given back at its end', () => {
    const db = tempArchive();
    const { lease, pass } = held(db);
    expect(rowsOf(db, 'leases')).toMatchObject([
      {
        name: expect.stringMatching(/^serve:/),
        host: hostname(),
        pid: process.pid,
        expires_at: '2026-03-01T10:05:00.000Z',
      },
    ]);
    pass(20 * 60_000);
    expect(rowsOf(db, 'leases')).toMatchObject([
      { taken_at: '2026-03-01T10:00:00.000Z', expires_at: expect.stringMatching(/^2026-03-01T10:25:/) },
    ]);
    lease.close();
    expect(rowsOf(db, 'leases')).toEqual([]);
    pass(600_000);
    expect(rowsOf(db, 'leases')).toEqual([]);
  });

  it('may exist beside leases of other servers; taking it removes the leases that dead servers have left', () => {
    const db = tempArchive();
    const insert = (name: string, host: string, pid: number, expires: string) =>
      db.sqlite.prepare('INSERT INTO leases VALUES (?, ?, ?, ?, ?, ?)').run(name, name, host, pid, 'then', expires);
    insert('serve:dead', hostname(), 2 ** 30, '2026-03-01T10:00:30.000Z');
    insert('serve:late', 'elsewhere', 7, '2026-03-01T09:59:59.000Z');
    insert('serve:other', 'elsewhere', 7, '2026-03-01T10:00:30.000Z');
    insert('collect', 'elsewhere', 7, '2026-03-01T09:00:00.000Z');
    held(db);
    expect(rowsOf(db, 'leases').map(({ name }) => String(name).replace(/[0-9a-f-]{36}/, 'own'))).toEqual(
      expect.arrayContaining(['collect', 'serve:other', 'serve:own']),
    );
    expect(rowsOf(db, 'leases')).toHaveLength(3);
  });

  it('does not wait for another writer, and is written once that writer has ended', () => {
    const db = tempArchive();
    const other = openArchive(db.sqlite.name);
    onTestFinished(() => other.close());
    other.sqlite.exec('BEGIN IMMEDIATE');
    const startedAt = performance.now();
    const { pass } = held(db);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(rowsOf(db, 'leases')).toEqual([]);
    other.sqlite.exec('COMMIT');
    pass(5000);
    expect(rowsOf(db, 'leases')).toHaveLength(1);
  });

  it('is not written into a file that is no longer at its path', () => {
    const db = tempArchive();
    const { lease } = held(db, () => false);
    expect(rowsOf(db, 'leases')).toEqual([]);
    lease.close();
  });
});
