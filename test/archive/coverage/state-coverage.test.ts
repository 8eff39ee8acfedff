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
  it('has the edges that the span touches, cut to the span, and the assumed spread', () => {
    const db = archive();
    expect(of(db, { fromMs: ms(29), toMs: ms(21) })).toMatchObject({ gaps: [], edges: [span(29, 28)] });
    expect(of(db, { fromMs: ms(28), toMs: ms(21) })).toMatchObject({ gaps: [], edges: [], spreadMs: 2 * DAY_MS });
    expect(of(db, { fromMs: ms(12), toMs: ms(1) })).toMatchObject({ gaps: [span(12, 10)], edges: [span(10, 8)] });
    expect(of(db, { fromMs: ms(12), toMs: ms(10) })).toMatchObject({ gaps: [span(12, 10)], edges: [] });
  });

  it('has the first edge too if the span has no start, because the answer then includes invocations from that edge', () => {
    expect(of(archive(), { toMs: ms(25) })).toMatchObject({ gaps: [], edges: [span(30, 28)] });
  });

  it('has no edges for a list of commands, because all commands that were sent in a covered span are known', () => {
    expect(of(archive(), { fromMs: ms(29), toMs: ms(21), ofCommands: true })).toMatchObject({ gaps: [], edges: [] });
  });
});

describe('the statement about one command', () => {
  it('has no edges if ListCommands showed that the command was sent in a covered span, even in an edge', () => {
    const db = archive();
    sent(db, 'c', 9.5, 2);
    invoked(db, 'c', 9.5, 9);
    expect(of(db, { commandId: 'c' })).toMatchObject({ gaps: [], edges: [] });
  });

  it('has the edge if the command is only known from invocations in that edge, because it may have been sent earlier', () => {
    const db = archive();
    invoked(db, 'c', 9.5, 9);
    expect(of(db, { commandId: 'c' })).toMatchObject({ gaps: [], edges: [{ from: ms(9.5) }] });
    invoked(db, 'd', 5);
    expect(of(db, { commandId: 'd' })).toMatchObject({ gaps: [], edges: [] });
  });

  it('has all edges if the command is unknown, because it may have been sent before an edge', () => {
    expect(of(archive(), { commandId: 'none' }).edges).toEqual([span(30, 28), span(10, 8)]);
  });

  it('names the gap that may hide more of its invocations if fewer are known than the command had nodes', () => {
    const db = archive();
    sent(db, 'c', 20.5, 3);
    invoked(db, 'c', 20.5, 20.2);
    expect(of(db, { commandId: 'c' }).gaps).toEqual([span(20, 18.5)]);
    invoked(db, 'c', 20.1);
    expect(of(db, { commandId: 'c' })).toMatchObject({ gaps: [], edges: [] });
  });
});
