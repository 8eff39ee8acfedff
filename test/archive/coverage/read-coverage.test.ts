import { describe, expect, it } from 'vitest';
import { readCoverage } from '../../../src/archive/coverage/read-coverage.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import {
  listCommandsToFollow,
  noteListed,
  rememberExecuting,
} from '../../../src/archive/record/unfinished-commands.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { daysAgo, NOW_MS, type Pass, recordPass, target } from '../archive-with-passes.ts';
import { page, rawInvocation, SOURCE } from '../raw-invocation.ts';

type ExecutingCommand = Parameters<typeof rememberExecuting>[2][number];

const QUERY = { nowMs: NOW_MS, settlingMs: 15 * MINUTE_MS };
const SETTLED_DAYS = (15 * MINUTE_MS) / DAY_MS;

function archiveWith(...passes: Partial<Pass>[]): ArchiveDb {
  const db = tempArchive();
  for (const pass of passes) recordPass(db, { startedMs: NOW_MS, ...pass });
  return db;
}

describe('reported coverage', () => {
  it('is empty for an archive that knows no source', () => {
    expect(readCoverage(tempArchive().sqlite, QUERY)).toEqual([]);
  });

  it('is complete if all time that had settled before the last pass was listed', () => {
    const db = archiveWith({ covers: [[30, SETTLED_DAYS]] });
    expect(readCoverage(db.sqlite, QUERY)).toEqual([
      {
        ...{ ...SOURCE, isComplete: true, span: { from: daysAgo(28), to: daysAgo(SETTLED_DAYS) } },
        ...{ covered: [{ from: daysAgo(28), to: daysAgo(SETTLED_DAYS) }], gaps: [], spreadMs: 172_800_000 },
        edges: [
          {
            ...{ from: daysAgo(30), to: daysAgo(28) },
            cause: `Commands sent before ${daysAgo(30)} may have later invocations here that the service no longer showed. It is assumed that no invocation is requested more than 48 hours after its command.`,
          },
        ],
        ...{ unfinishedCommands: 0, forgottenCommands: [], shortCommands: 0, missingInvocations: 0 },
      },
    ]);
  });

  it('has a gap between two covered spans, with its bounds', () => {
    const db = archiveWith({
      covers: [
        [30, 20],
        [10, SETTLED_DAYS],
      ],
    });
    const [source] = readCoverage(db.sqlite, QUERY);
    expect(source?.isComplete).toBe(false);
    expect(source?.gaps).toEqual([
      {
        from: daysAgo(20),
        to: daysAgo(10),
        isForgotten: false,
        cause: 'Not listed completely yet; the next pass tries again.',
      },
    ]);
  });

  it('distinguishes a gap that the service has forgotten from one that can still be listed', () => {
    const db = archiveWith({
      covers: [
        [60, 50],
        [30, 20],
        [10, SETTLED_DAYS],
      ],
    });
    const gaps = readCoverage(db.sqlite, QUERY)[0]?.gaps;
    expect(gaps?.map(({ from, to, isForgotten }) => [from, to, isForgotten])).toEqual([
      [daysAgo(50), daysAgo(30), true],
      [daysAgo(20), daysAgo(10), false],
    ]);
    expect(gaps?.[0]?.cause).toBe('No pass listed it within the 30 days that the service keeps.');
  });

  it('gives as the cause of a gap the last failed listing that overlapped it, and no other failure', () => {
    const db = archiveWith({
      covers: [
        [30, 20],
        [19, 10],
        [9, SETTLED_DAYS],
      ],
      failures: [
        { target: target(21, 19.5), error: 'An early failure.' },
        { target: target(21, 19.5), error: 'ThrottlingException: Rate exceeded.' },
        { target: target(9, 8), error: 'Elsewhere.' },
        { target: { ...target(20, 9), commandId: 'c' }, error: 'This failure is for a command, not for a span.' },
      ],
      result: { outcome: 'failed' },
    });
    expect(readCoverage(db.sqlite, QUERY)[0]?.gaps.map(({ cause }) => cause)).toEqual([
      'Not listed completely yet; the next pass tries again. Last failure: ThrottlingException: Rate exceeded.',
      'Not listed completely yet; the next pass tries again.',
    ]);
  });

  it('gives the refusal as the cause of a gap if the source was refused before it listed anything', () => {
    const error = 'AccessDeniedException: no. Grant ssm:ListCommandInvocations.';
    const db = archiveWith({ result: { outcome: 'failed', error } });
    expect(readCoverage(db.sqlite, QUERY)).toMatchObject([
      {
        isComplete: false,
        covered: [],
        gaps: [
          {
            from: daysAgo(30),
            to: daysAgo(SETTLED_DAYS),
            cause: `Not listed completely yet; the next pass tries again. Last failure: ${error}`,
          },
        ],
      },
    ]);
  });

  it('does not call a span missing if the next pass is about to list it', () => {
    const startedMs = NOW_MS - HOUR_MS;
    const settled = (HOUR_MS + QUERY.settlingMs) / DAY_MS;
    const db = archiveWith({ startedMs, covers: [[30, settled]] });
    expect(readCoverage(db.sqlite, QUERY)[0]?.isComplete).toBe(true);
  });

  it('calls a span missing if it was not listed because passes stopped', () => {
    const db = archiveWith({ startedMs: NOW_MS - 20 * DAY_MS, covers: [[30, 20]] });
    expect(readCoverage(db.sqlite, QUERY)[0]).toMatchObject({
      isComplete: false,
      gaps: [{ from: daysAgo(20), to: daysAgo(SETTLED_DAYS), isForgotten: false }],
    });
  });

  it('splits a gap at the age at which the service forgets: the older part is lost, the newer can still be listed', () => {
    const db = archiveWith({
      covers: [
        [60, 40],
        [10, SETTLED_DAYS],
      ],
    });
    const gaps = readCoverage(db.sqlite, QUERY)[0]?.gaps;
    expect(gaps?.map(({ from, to, isForgotten }) => [from, to, isForgotten])).toEqual([
      [daysAgo(40), daysAgo(30), true],
      [daysAgo(30), daysAgo(10), false],
    ]);
  });

  it('is only about the requested span', () => {
    const db = archiveWith({
      covers: [
        [30, 20],
        [10, SETTLED_DAYS],
      ],
    });
    const isComplete = (from: number, to: number) =>
      readCoverage(db.sqlite, { ...QUERY, from: NOW_MS - from * DAY_MS, to: NOW_MS - to * DAY_MS })[0]?.isComplete;
    expect(isComplete(28, 22)).toBe(true);
    expect(isComplete(28.1, 22)).toBe(false);
    expect(isComplete(8, 1)).toBe(true);
    expect(isComplete(9, 1)).toBe(false);
    expect(isComplete(28, 19)).toBe(false);
    expect(isComplete(40, 22)).toBe(false);
  });

  it('is reported per account and region, even if nothing is covered, and for each source whose account or region is not known yet', () => {
    const db = archiveWith({ covers: [[30, SETTLED_DAYS]] });
    recordPass(db, { startedMs: NOW_MS, result: { accountId: '999999999999', outcome: 'failed', error: 'No.' } });
    recordPass(db, { startedMs: NOW_MS, result: { accountId: null, region: '', outcome: 'failed', error: 'Who?' } });
    expect(readCoverage(db.sqlite, QUERY).map(({ accountId, isComplete }) => [accountId, isComplete])).toEqual([
      [SOURCE.accountId, true],
      ['999999999999', false],
      [null, false],
    ]);
  });

  it('counts the commands that may still get new invocations', () => {
    const db = archiveWith({ covers: [[30, SETTLED_DAYS]] });
    rememberExecuting(db.sqlite, SOURCE, [{ commandId: 'c', requestedAt: daysAgo(5), countsJson: '{}' }], daysAgo(1));
    expect(readCoverage(db.sqlite, QUERY)).toMatchObject([
      { isComplete: true, unfinishedCommands: 1, forgottenCommands: [] },
    ]);
  });

  it('is not complete in a span if a command may have run in it and was forgotten before its end was seen', () => {
    const db = archiveWith({ covers: [[60, SETTLED_DAYS]] });
    forget(db, { commandId: 'c', requestedAt: daysAgo(45), countsJson: '{"TargetCount":9}' }, daysAgo(2));
    expect(readCoverage(db.sqlite, QUERY)).toMatchObject([
      {
        ...{ isComplete: false, gaps: [], unfinishedCommands: 0 },
        forgottenCommands: [
          {
            ...{ commandId: 'c', requestedAt: daysAgo(45), forgottenAt: daysAgo(2) },
            ...{ targetCount: 9, knownInvocations: 0 },
          },
        ],
      },
    ]);
    const judged = (from: number, to: number) =>
      readCoverage(db.sqlite, { ...QUERY, from: NOW_MS - from * DAY_MS, to: NOW_MS - to * DAY_MS })[0];
    expect(judged(58, 45)).toMatchObject({ isComplete: true, forgottenCommands: [] });
    expect(judged(58, 44)?.isComplete).toBe(false);
    expect(judged(2, 1)?.isComplete).toBe(true);
  });

  it('is complete if all invocations of a forgotten command are known and final', () => {
    const db = archiveWith({ covers: [[60, SETTLED_DAYS]] });
    const raws = ['i-1', 'i-2'].map((InstanceId) => rawInvocation({ CommandId: 'c', InstanceId }));
    createSingleReplyRecorder(db.sqlite)(page(raws));
    forget(db, { commandId: 'c', requestedAt: daysAgo(45), countsJson: '{"TargetCount":2}' }, daysAgo(2));
    expect(readCoverage(db.sqlite, QUERY)[0]?.isComplete).toBe(true);
    createSingleReplyRecorder(db.sqlite)(
      page([rawInvocation({ CommandId: 'c', InstanceId: 'i-2', Status: 'InProgress' })]),
    );
    expect(readCoverage(db.sqlite, QUERY)[0]).toMatchObject({
      isComplete: false,
      forgottenCommands: [{ commandId: 'c' }],
    });
  });
});

/** A command that was once seen executing; after that, the service no longer showed it. */
function forget(db: ArchiveDb, command: ExecutingCommand, at: string): void {
  rememberExecuting(db.sqlite, SOURCE, [command], at);
  rememberExecuting(db.sqlite, SOURCE, [], at);
  for (const unfinished of listCommandsToFollow(db.sqlite, SOURCE))
    noteListed(db.sqlite, SOURCE, unfinished, { at, isForgotten: true });
}
