import { describe, expect, it } from 'vitest';
import type { CommandToFollow } from '../../../src/archive/record/unfinished-commands.ts';
import { requestOf } from '../../../src/ingest/plan/listing.ts';
import { planFollowUp } from '../../../src/ingest/plan/plan-follow-up.ts';
import { DAY_MS, HOUR_MS, isoFromMs } from '../../../src/lib/time.ts';

const NOW = Date.parse('2026-03-31T12:00:00.000Z');
const COUNTS = '{"CompletedCount":1}';

/** A command that executes, was listed just now, and has not changed since; 200 nodes, none unfinished. */
function command(more: Partial<CommandToFollow> = {}): CommandToFollow {
  return {
    commandId: 'c',
    isRemembered: true,
    isExecuting: true,
    countsJson: COUNTS,
    requestedAt: isoFromMs(NOW - DAY_MS),
    listedAt: isoFromMs(NOW),
    listedCountsJson: COUNTS,
    unfinishedInstanceIds: [],
    knownInvocations: 200,
    ...more,
  };
}

/** Describes in short the listings that are planned. */
function asked(of: CommandToFollow, knowsExecuting = true): unknown[] {
  return planFollowUp(of, NOW, knowsExecuting).listings.map((listing) => requestOf(listing));
}

const WHOLE = [{ commandId: 'c' }];
const NODES = ['i-1', 'i-2'];
const EACH = NODES.map((instanceId) => ({ commandId: 'c', instanceId }));

describe('a command that executes', () => {
  it('is not listed again if it has not changed since it was listed', () => {
    expect(asked(command())).toEqual([]);
  });

  it.each<[string, Partial<CommandToFollow>]>([
    ['was never listed', { listedAt: null, listedCountsJson: null }],
    ['has counts that have changed', { countsJson: '{"CompletedCount":2}' }],
    ['was last listed more than an hour ago', { listedAt: isoFromMs(NOW - HOUR_MS - 1) }],
  ])('is listed whole if it %s', (_what, more) => {
    expect(asked(command(more))).toEqual(WHOLE);
    expect(asked(command({ ...more, unfinishedInstanceIds: NODES }))).toEqual(WHOLE);
  });

  it('has only its unfinished nodes listed if that takes fewer calls', () => {
    const plan = planFollowUp(command({ unfinishedInstanceIds: NODES }), NOW, true);
    expect(plan.isWhole).toBe(false);
    expect(plan.listings.map((listing) => requestOf(listing))).toEqual(EACH);
  });

  it('is listed whole if that takes no more calls than its unfinished nodes', () => {
    expect(asked(command({ unfinishedInstanceIds: NODES, knownInvocations: 100 }))).toEqual(WHOLE);
    expect(asked(command({ unfinishedInstanceIds: NODES, knownInvocations: 101 }))).toEqual(EACH);
  });
});

describe('a command that has become final', () => {
  it('is listed whole once more, even if none of its nodes is known to be unfinished', () => {
    expect(asked(command({ isExecuting: false }))).toEqual(WHOLE);
    expect(planFollowUp(command({ isExecuting: false }), NOW, true).isWhole).toBe(true);
  });

  it('has only its unfinished nodes listed if it was listed after its end and still has unfinished nodes', () => {
    const ended = { isRemembered: false, isExecuting: false, countsJson: null, listedAt: null, listedCountsJson: null };
    expect(asked(command({ ...ended, unfinishedInstanceIds: NODES }))).toEqual(EACH);
    expect(asked(command({ ...ended, unfinishedInstanceIds: NODES, knownInvocations: 2 }))).toEqual(WHOLE);
  });
});

it('each command is listed whole if the service cannot say which commands execute', () => {
  expect(asked(command(), false)).toEqual(WHOLE);
  expect(asked(command({ isRemembered: false, isExecuting: false, unfinishedInstanceIds: NODES }), false)).toEqual(
    WHOLE,
  );
});

it('a listing with a time filter begins a day before its command, or 30 days ago if the command’s time is unknown', () => {
  const spanOf = (requestedAt: string | null) =>
    planFollowUp(command({ isExecuting: false, requestedAt }), NOW, true).listings[0]?.span;
  expect(spanOf(isoFromMs(NOW - 3 * DAY_MS))).toEqual({ from: NOW - 4 * DAY_MS, to: NOW });
  expect(spanOf(null)).toEqual({ from: NOW - 30 * DAY_MS, to: NOW });
  expect(spanOf('no time')).toEqual({ from: NOW - 30 * DAY_MS, to: NOW });
  expect(spanOf(isoFromMs(NOW + DAY_MS))).toEqual({ from: NOW - DAY_MS, to: NOW });
});

it('all listings of a command count together, as one whole', () => {
  const { listings } = planFollowUp(command({ unfinishedInstanceIds: NODES }), NOW, true);
  expect(listings.map(({ whole }) => whole)).toEqual(['c', 'c']);
});
