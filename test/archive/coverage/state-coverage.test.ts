import { describe, expect, it } from 'vitest';
import { type AskedSpan, stateCoverage } from '../../../src/archive/coverage/state-coverage.ts';
import { createListedCommandRecorder } from '../../../src/archive/record/record-listed-commands.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { daysAgo, NOW_MS, recordPass } from '../archive-with-passes.ts';
import { page, rawInvocation, SOURCE } from '../raw-invocation.ts';

const ms = (days: number) => NOW_MS - days * DAY_MS;
const span = (from: number, to: number) => ({ from: ms(from), to: ms(to) });

function archive(): ArchiveDb {
  const db = tempArchive();
  recordPass(db, {
    startedMs: NOW_MS,
    covers: [
      [30, 20],
      [10, 0.01],
    ],
  });
  return db;
}

const invoked = (db: ArchiveDb, commandId: string, ...days: number[]) =>
  createSingleReplyRecorder(db.sqlite)(
    page(
      days.map((day) =>
        rawInvocation({ CommandId: commandId, InstanceId: `i-${day}`, RequestedDateTime: ms(day) / 1000 }),
      ),
    ),
  );
const sent = (db: ArchiveDb, CommandId: string, day: number, TargetCount: number) =>
  createListedCommandRecorder(db.sqlite)(SOURCE, daysAgo(0), [
    observeCommand({ CommandId, RequestedDateTime: ms(day) / 1000, Status: 'Success', TargetCount }),
  ]);
const of = (db: ArchiveDb, asked: AskedSpan) =>
  stateCoverage(db.sqlite, SOURCE, asked, { nowMs: NOW_MS, settlingMs: 15 * 60_000 });

describe('the statement about a span', () => {
  it('has the edges that it touches, cut to it, and the assumed spread', () => {
    const db = archive();
    expect(of(db, { fromMs: ms(29), toMs: ms(21) })).toMatchObject({ gaps: [], edges: [span(29, 28)] });
    expect(of(db, { fromMs: ms(28), toMs: ms(21) })).toMatchObject({ gaps: [], edges: [], spreadMs: 2 * DAY_MS });
    expect(of(db, { fromMs: ms(12), toMs: ms(1) })).toMatchObject({ gaps: [span(12, 10)], edges: [span(10, 8)] });
    expect(of(db, { fromMs: ms(12), toMs: ms(10) })).toMatchObject({ gaps: [span(12, 10)], edges: [] });
  });

  it('has the first edge too if it has no start, because the answer has invocations from there', () => {
    expect(of(archive(), { toMs: ms(25) })).toMatchObject({ gaps: [], edges: [span(30, 28)] });
  });

  it('has no edges for a list of commands, because those that were sent in a covered span are known', () => {
    expect(of(archive(), { fromMs: ms(29), toMs: ms(21), ofCommands: true })).toMatchObject({ gaps: [], edges: [] });
  });
});

describe('the statement about one command', () => {
  it('is in no doubt if the service has told that it was sent in a covered span, edge or not', () => {
    const db = archive();
    sent(db, 'c', 9.5, 2);
    invoked(db, 'c', 9.5, 9);
    expect(of(db, { commandId: 'c' })).toMatchObject({ gaps: [], edges: [] });
  });

  it('is in doubt if only its invocations in an edge have told of it, because it may have been sent before', () => {
    const db = archive();
    invoked(db, 'c', 9.5, 9);
    expect(of(db, { commandId: 'c' })).toMatchObject({ gaps: [], edges: [{ from: ms(9.5) }] });
    invoked(db, 'd', 5);
    expect(of(db, { commandId: 'd' })).toMatchObject({ gaps: [], edges: [] });
  });

  it('is in doubt if nothing has told of it, because it may have been sent before an edge', () => {
    expect(of(archive(), { commandId: 'none' }).edges).toEqual([span(30, 28), span(10, 8)]);
  });

  it('has the gap in which its other invocations may lie, if fewer are known than it had nodes', () => {
    const db = archive();
    sent(db, 'c', 20.5, 3);
    invoked(db, 'c', 20.5, 20.2);
    expect(of(db, { commandId: 'c' }).gaps).toEqual([span(20, 18.5)]);
    invoked(db, 'c', 20.1);
    expect(of(db, { commandId: 'c' })).toMatchObject({ gaps: [], edges: [] });
  });
});
