import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createLeaseRenewal,
  LeaseLost,
  PassRunning,
  releaseLease,
  takeLease,
} from '../../../src/archive/file/lease.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { LEASE_MS, type LeaseHolder } from '../../../src/db/held-leases.ts';
import { type ArchiveDb, openArchive } from '../../../src/db/open.ts';
import { rowsOf, tempArchive } from '../../db/temp-archive.ts';
import { page, rawInvocation } from '../raw-invocation.ts';

const NOW = Date.parse('2026-03-01T10:00:00.000Z');
const FIRST: LeaseHolder = { id: 'first:1', host: 'here', pid: 100 };
const SECOND: LeaseHolder = { id: 'second:1', host: 'here', pid: 200 };
const alive = () => true;
const dead = () => false;

function take(db: ArchiveDb, holder: LeaseHolder, nowMs: number, isAlive: (pid: number) => boolean = alive): void {
  takeLease({ sqlite: db.sqlite, isAlive }, holder, nowMs);
}

function holderOf(db: ArchiveDb): unknown {
  return db.sqlite.prepare('SELECT holder FROM leases').pluck().get();
}

describe('the lease on collecting', () => {
  it('is free in a new archive, and lasts a minute', () => {
    const db = tempArchive();
    take(db, FIRST, NOW);
    expect(rowsOf(db, 'leases')).toEqual([
      {
        name: 'collect',
        holder: 'first:1',
        host: 'here',
        pid: 100,
        taken_at: '2026-03-01T10:00:00.000Z',
        expires_at: '2026-03-01T10:01:00.000Z',
      },
    ]);
  });

  it('is refused to a second collector with a sentence that says who has it and what to do', () => {
    const db = tempArchive();
    take(db, FIRST, NOW);
    const other = openArchive(db.sqlite.name);
    onTestFinished(() => other.close());
    expect(() => take(other, SECOND, NOW + 1000)).toThrow(
      new PassRunning(
        'Another pass is collecting into this archive: process 100 on here, since 2026-03-01T10:00:00.000Z. Nothing was done. Wait for it to end (or add --wait), or stop that process.',
      ),
    );
    expect(holderOf(db)).toBe('first:1');
  });

  it('is refused to a collector on another host, whatever processes run there', () => {
    const db = tempArchive();
    take(db, FIRST, NOW);
    expect(() => take(db, { ...SECOND, host: 'there' }, NOW + LEASE_MS - 1, dead)).toThrow(PassRunning);
  });

  it('is free once it has expired, to the millisecond', () => {
    const db = tempArchive();
    take(db, FIRST, NOW);
    expect(() => take(db, SECOND, NOW + LEASE_MS - 1)).toThrow(PassRunning);
    take(db, SECOND, NOW + LEASE_MS);
    expect(holderOf(db)).toBe('second:1');
  });

  it('is free at once if its process, on this host, has died', () => {
    const db = tempArchive();
    take(db, FIRST, NOW);
    const asked: number[] = [];
    take(db, SECOND, NOW + 1, (pid) => {
      asked.push(pid);
      return false;
    });
    expect(holderOf(db)).toBe('second:1');
    expect(asked).toEqual([100]);
  });

  it('is free if its process has ended and another one has its process id, as in a restarted container', () => {
    const db = tempArchive();
    take(db, FIRST, NOW);
    take(db, { ...FIRST, id: 'another process:1' }, NOW + 1);
    expect(holderOf(db)).toBe('another process:1');
  });

  it('is refused to a second pass of the same process', () => {
    const db = tempArchive();
    take(db, FIRST, NOW);
    expect(() => take(db, { ...FIRST, id: 'first:2' }, NOW + 1)).toThrow(PassRunning);
  });

  it('is free if its end is impossibly far in the future, as after the clock was set back', () => {
    const db = tempArchive();
    take(db, FIRST, NOW);
    expect(() => take(db, SECOND, NOW - LEASE_MS)).toThrow(PassRunning);
    take(db, SECOND, NOW - 86_400_000);
    expect(holderOf(db)).toBe('second:1');
  });

  it('ends later if it is renewed', () => {
    const db = tempArchive();
    take(db, FIRST, NOW);
    createLeaseRenewal(db.sqlite, FIRST.id)(NOW + LEASE_MS - 1);
    expect(() => take(db, SECOND, NOW + LEASE_MS + 1)).toThrow(PassRunning);
  });

  it('can be given back only by its holder', () => {
    const db = tempArchive();
    take(db, FIRST, NOW);
    releaseLease(db.sqlite, SECOND.id);
    expect(holderOf(db)).toBe('first:1');
    releaseLease(db.sqlite, FIRST.id);
    take(db, SECOND, NOW + 1);
    expect(holderOf(db)).toBe('second:1');
  });

  it('cannot be renewed by its former holder once another process has taken it over, and stays with that process', () => {
    const db = tempArchive();
    const renew = createLeaseRenewal(db.sqlite, FIRST.id);
    take(db, FIRST, NOW);
    take(db, SECOND, NOW + LEASE_MS);
    const before = rowsOf(db, 'leases');
    expect(() => renew(NOW + LEASE_MS)).toThrow(LeaseLost);
    expect(rowsOf(db, 'leases')).toEqual(before);
  });

  it('is required for writing: a collector that has lost it records no reply, not even in part', () => {
    const db = tempArchive();
    const record = createSingleReplyRecorder(db.sqlite);
    const renew = createLeaseRenewal(db.sqlite, FIRST.id);
    const fenced = (InstanceId: string) =>
      record(page([rawInvocation({ InstanceId })], { inTransaction: () => renew(NOW) }));
    take(db, FIRST, NOW);
    fenced('i-before');
    take(db, SECOND, NOW + LEASE_MS);
    expect(() => fenced('i-after')).toThrow(LeaseLost);
    expect(rowsOf(db, 'invocations').map(({ instance_id }) => instance_id)).toEqual(['i-before']);
    expect(rowsOf(db, 'revisions')).toHaveLength(1);
  });
});
