import { describe, expect, it } from 'vitest';
import { checkArchive } from '../../../src/archive/file/check-archive.ts';
import { listCovered } from '../../../src/archive/record/mark-covered.ts';
import { beginRun, finishRun } from '../../../src/archive/record/record-run.ts';
import { beginSweep, createSweepCounter, finishSweep } from '../../../src/archive/record/record-sweep.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { rowsOf, tempArchive } from '../../db/temp-archive.ts';
import { NOW_MS, recordPass, target } from '../archive-with-passes.ts';
import { SOURCE } from '../raw-invocation.ts';

const AT = '2026-03-31T12:00:00.000Z';
const TALLY = { pages: 1, calls: 2, throttles: 3, faults: 4, rowsSeen: 5, rowsAdded: 6, rowsChanged: 7 };

function begin(db: ArchiveDb): { runId: number; sweepId: number } {
  const runId = beginRun(db.sqlite, { startedAt: AT, collector: 'here:1' });
  return { runId, sweepId: beginSweep(db.sqlite, { runId, source: SOURCE, target: target(2, 1), startedAt: AT }) };
}

describe('a pass', () => {
  it('is closed by the next pass if its process died: it and its open sweeps get the outcome "interrupted"', () => {
    const db = tempArchive();
    begin(db);
    beginRun(db.sqlite, { startedAt: AT, collector: 'here:2' });
    expect(rowsOf(db, 'runs').map(({ outcome }) => outcome)).toEqual(['interrupted', 'running']);
    expect(rowsOf(db, 'sweeps')).toMatchObject([
      { outcome: 'interrupted', error: 'The collector ended before it could record the end.', finished_at: null },
    ]);
  });

  it('is not changed by the next pass if it was closed when it ended', () => {
    const db = tempArchive();
    const { runId, sweepId } = begin(db);
    finishSweep(db.sqlite, sweepId, { outcome: 'complete', finishedAt: AT, tally: TALLY });
    finishRun(db.sqlite, runId, { finishedAt: AT, outcome: 'complete' });
    const before = [rowsOf(db, 'runs'), rowsOf(db, 'sweeps')];
    beginRun(db.sqlite, { startedAt: AT, collector: 'here:2' });
    expect([rowsOf(db, 'runs').slice(0, 1), rowsOf(db, 'sweeps')]).toEqual(before);
  });

  it('stores the result of each of its sources', () => {
    const db = tempArchive();
    recordPass(db, { startedMs: NOW_MS, result: { ...TALLY, clockSkewMs: -3000, outcome: 'failed', error: 'No.' } });
    expect(rowsOf(db, 'run_sources')).toMatchObject([
      { alias: 'default', throttles: 3, rows_changed: 7, clock_skew_ms: -3000, outcome: 'failed', error: 'No.' },
    ]);
  });
});

describe('a sweep', () => {
  it('stores its operation and span, and counts replies and rows while it runs', () => {
    const db = tempArchive();
    const { sweepId } = begin(db);
    const count = createSweepCounter(db.sqlite);
    count(sweepId, { ...TALLY, calls: 1 }, { seen: 5, added: 4, changed: 0, changedFinal: 0 });
    count(sweepId, TALLY, { seen: 1, added: 0, changed: 1, changedFinal: 1 });
    expect(rowsOf(db, 'sweeps')).toMatchObject([
      {
        operation: 'ListCommandInvocations',
        from_at: '2026-03-29T12:00:00.000Z',
        to_at: '2026-03-30T12:00:00.000Z',
        command_id: null,
        outcome: 'running',
        pages: 2,
        calls: 2,
        throttles: 3,
        faults: 4,
        rows_seen: 6,
        rows_added: 4,
        rows_changed: 1,
      },
    ]);
  });

  it('has NULL for each open end of its span', () => {
    const db = tempArchive();
    const { runId } = begin(db);
    const open = { operation: 'ListCommandInvocations', commandId: 'c', instanceId: 'i' } as const;
    beginSweep(db.sqlite, { runId, source: SOURCE, target: open, startedAt: AT });
    expect(rowsOf(db, 'sweeps')[1]).toMatchObject({ from_at: null, to_at: null, command_id: 'c', instance_id: 'i' });
  });

  it('marks spans as covered only if it ends complete, and only the spans that it is given', () => {
    const db = tempArchive();
    const { sweepId } = begin(db);
    finishSweep(db.sqlite, sweepId, { outcome: 'failed', error: 'No.', finishedAt: AT, tally: TALLY });
    expect(listCovered(db.sqlite, SOURCE)).toEqual([]);
    const span = { from: NOW_MS - 1000, to: NOW_MS };
    finishSweep(db.sqlite, sweepId, {
      outcome: 'complete',
      finishedAt: AT,
      tally: TALLY,
      covered: { source: SOURCE, spans: [span] },
    });
    expect(listCovered(db.sqlite, SOURCE)).toEqual([span]);
    expect(rowsOf(db, 'sweeps')).toMatchObject([{ outcome: 'complete', error: null }]);
  });

  it('covers nothing if it cannot be closed, because one transaction does both', () => {
    const db = tempArchive();
    const { sweepId } = begin(db);
    db.sqlite.exec("CREATE TEMP TRIGGER full BEFORE INSERT ON coverage BEGIN SELECT raise(ABORT, 'full'); END");
    const covered = { source: SOURCE, spans: [{ from: NOW_MS - 1000, to: NOW_MS }] };
    expect(() =>
      finishSweep(db.sqlite, sweepId, { outcome: 'complete', finishedAt: AT, tally: TALLY, covered }),
    ).toThrow('full');
    expect(rowsOf(db, 'sweeps')).toMatchObject([{ outcome: 'running', finished_at: null }]);
  });
});

describe('the check of a file', () => {
  it('finds no fault in a whole file', () => {
    expect(checkArchive(tempArchive().sqlite)).toEqual([]);
  });

  it('names a row whose parent is missing', () => {
    const db = tempArchive();
    db.sqlite.pragma('foreign_keys = OFF');
    db.sqlite.exec('INSERT INTO plugins (invocation_id, position) VALUES (99, 0)');
    expect(checkArchive(db.sqlite)).toEqual(['row 1 of plugins refers to a row of invocations that is missing']);
  });
});
