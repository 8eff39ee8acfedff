import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStats, STATS_GROUPS, type StatsGroup, type StatsQuery } from '../../../src/archive/figures/read-stats.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { type Members, page, rawInvocation, rawPlugin } from '../raw-invocation.ts';

function archiveOf(raws: readonly Members[]) {
  const { sqlite } = tempArchive();
  createSingleReplyRecorder(sqlite)(
    page(raws.map((raw, n) => rawInvocation({ InstanceId: `i-${n % 3}`, CommandId: `c-${n}`, ...raw }))),
  );
  return sqlite;
}

const ask = (sqlite: Parameters<typeof readStats>[0], query: Partial<StatsQuery>) =>
  readStats(sqlite, { filter: {}, groupBy: ['status'], withDurations: false, ...query });

describe('statistics', () => {
  it('count invocations by day and status, sorted by both', () => {
    const sqlite = archiveOf([
      { RequestedDateTime: 1772323199.999 },
      { RequestedDateTime: 1772323200 },
      { RequestedDateTime: 1772323200, Status: 'Failed' },
    ]);
    expect(ask(sqlite, { groupBy: ['day', 'status'] })).toEqual([
      { day: '2026-02-28', status: 'Success', count: 1 },
      { day: '2026-03-01', status: 'Failed', count: 1 },
      { day: '2026-03-01', status: 'Success', count: 1 },
    ]);
    expect(ask(sqlite, { groupBy: ['week'] })).toEqual([{ week: '2026-W09', count: 3 }]);
    expect(ask(sqlite, { groupBy: ['hour'] })).toEqual([
      { hour: '2026-02-28T23', count: 1 },
      { hour: '2026-03-01T00', count: 2 },
    ]);
  });

  it('count steps by plugin, with their durations', () => {
    const step = (Name: string, seconds: number) =>
      rawPlugin({ Name, ResponseStartDateTime: 1772357400, ResponseFinishDateTime: 1772357400 + seconds });
    const sqlite = archiveOf([
      { CommandPlugins: [step('a', 1), step('b', 9)] },
      { CommandPlugins: [step('a', 2)] },
      { CommandPlugins: [step('a', 10)] },
      { CommandPlugins: [] },
    ]);
    expect(ask(sqlite, { groupBy: ['plugin'], withDurations: true })).toEqual([
      { plugin: 'a', count: 3, skipped: 0, p50Ms: 2000, p95Ms: 9200, maxMs: 10_000 },
      { plugin: 'b', count: 1, skipped: 0, p50Ms: 9000, p95Ms: 9000, maxMs: 9000 },
    ]);
    expect(ask(sqlite, { groupBy: ['status'], withDurations: true })).toEqual([
      { status: 'Success', count: 4, p50Ms: 5500, p95Ms: 9850, maxMs: 10_000 },
    ]);
    expect(ask(sqlite, { groupBy: ['plugin'], filter: { pluginName: 'b' } })).toEqual([
      { plugin: 'b', count: 1, skipped: 0 },
    ]);
  });

  it('are the same from the daily counts and from the rows, for any span, filter and groups', () => {
    const raws = [...Array(120).keys()].map((n) => ({
      RequestedDateTime: n % 17 === 0 ? undefined : 1772300000 + ((n * 7919) % 400_000) + 0.001 * (n % 3),
      Status: ['Success', 'Failed', 'InProgress'][n % 3],
      StatusDetails: ['Success', 'Failed', 'InProgress', 'Undeliverable'][n % 4],
      DocumentName: n % 5 === 0 ? 'other' : 'AWS-RunShellScript',
    }));
    const sqlite = archiveOf(raws);
    const time = fc
      .integer({ min: 1772280000, max: 1772720000 })
      .map((seconds) => new Date(seconds * 1000).toISOString())
      .chain((text) => fc.constantFrom(text, `${text.slice(0, 10)}T00:00:00.000Z`, undefined));
    const groups = STATS_GROUPS.filter((name) => name !== 'plugin' && name !== 'instance' && name !== 'hour');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom<StatsGroup>(...groups), { minLength: 1, maxLength: 2 }),
        fc.record({
          requestedAfter: time,
          requestedBefore: time,
          documentName: fc.constantFrom(undefined, 'other'),
          status: fc.constantFrom(undefined, ['Failed'], ['Success', 'Undeliverable']),
        }),
        (groupBy, filter) => {
          // This condition is true for every row, but its column is not in the daily counts.
          const fromRows = ask(sqlite, { groupBy, filter: { ...filter, changedAfter: '2000-01-01T00:00:00.000Z' } });
          expect(ask(sqlite, { groupBy, filter })).toEqual(fromRows);
        },
      ),
      { numRuns: 300 },
    );
  });
});
