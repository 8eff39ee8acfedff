import { describe, expect, it } from 'vitest';
import { readMetrics } from '../../../src/archive/figures/read-metrics.ts';
import { readStatus } from '../../../src/archive/figures/read-status.ts';
import { readLateLooks } from '../../../src/archive/looks/read-late-looks.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { rawInvocation } from '../../archive/raw-invocation.ts';
import { rowsOf } from '../../db/temp-archive.ts';
import { memoryLog } from '../../memory-log.ts';
import { ACCOUNT, REGION, START, startTrial } from '../archive-trial.ts';
import { startTinyService, type TinyCall } from '../tiny-service.ts';

const PLACE = { accountId: ACCOUNT, region: REGION };
type Item = Record<string, unknown>;

/** Returns an invocation from this many days before START; by default with a node and a command of its own. */
function invocationOf(daysAgo: number, n: number, members: Item = {}): Item {
  const RequestedDateTime = (START.getTime() - daysAgo * DAY_MS) / 1000 + n / 1000;
  return rawInvocation({
    CommandId: `c-${n}`,
    InstanceId: `i-${n}`,
    RequestedDateTime,
    CommandPlugins: [],
    ...members,
  });
}

/**
 * A trial whose service shows these invocations in replies of fifty, with tokens, and filters by the time of the
 * invocation or of its command.
 */
async function startLooks(
  invocations: Item[],
  { filterTime = 'invocation' }: { filterTime?: 'invocation' | 'command' } = {},
) {
  const shown = new Map(invocations.map((item) => [String(item.InstanceId) + String(item.CommandId), item]));
  const pageSize = { rows: 50, empties: 0 };
  const sentAt = (item: Item) =>
    filterTime === 'invocation'
      ? Number(item.RequestedDateTime)
      : Math.min(
          ...[...shown.values()].filter((o) => o.CommandId === item.CommandId).map((o) => Number(o.RequestedDateTime)),
        );
  const service = await startTinyService(({ operation, input }) => {
    if (operation !== 'ListCommandInvocations') return undefined;
    const filters = new Map((input.Filters ?? []).map(({ key, value }) => [key, value]));
    const [after, before] = [filters.get('InvokedAfter'), filters.get('InvokedBefore')];
    const forgottenMs = trial.simulator.clock.now().getTime() - 30 * DAY_MS;
    const matching = [...shown.values()].filter((item) => {
      const ms = sentAt(item) * 1000;
      if (Number(item.RequestedDateTime) * 1000 < forgottenMs) return false;
      if (after !== undefined && ms < Date.parse(after)) return false;
      if (before !== undefined && ms >= Date.parse(before)) return false;
      if (input.CommandId !== undefined && input.CommandId !== item.CommandId) return false;
      return input.InstanceId === undefined || input.InstanceId === item.InstanceId;
    });
    const [at = 0, empties = 0] = (input.NextToken ?? '0.0').split('.').map(Number);
    if (empties < pageSize.empties && at < matching.length)
      return { body: JSON.stringify({ CommandInvocations: [], NextToken: `${at}.${empties + 1}` }) };
    const next = at + pageSize.rows;
    const token = next < matching.length ? { NextToken: `${next}.0` } : {};
    return { body: JSON.stringify({ CommandInvocations: matching.slice(at, next), ...token }) };
  });
  const trial = await startTrial({ invocations: 0 });
  const { logged, log } = memoryLog();
  trial.config.sources = [{ alias: 'tiny', regions: [REGION] }];
  trial.config.aws = { endpoint: service.url, credentials: { accessKeyId: 'x', secretAccessKey: 'y' } };
  const listings = () => service.calls.filter(({ operation }) => operation === 'ListCommandInvocations');
  const pass = async (lateLooks = 20) => {
    const before = listings().length;
    const summary = await trial.pass({ log, config: { lateLooks } });
    return { ...summary, looks: looksOf(listings().slice(before), trial.simulator.clock.now().getTime()) };
  };
  const change = (n: number, members: Item) => {
    const [key, item] = [...shown].find(([, { InstanceId }]) => InstanceId === `i-${n}`) ?? [];
    if (key !== undefined) shown.set(key, { ...item, ...members });
  };
  const statusOf = (n: number) => rowsOf(trial.db, 'invocations').find((row) => row.instance_id === `i-${n}`)?.status;
  const looks = () => readLateLooks(trial.db.sqlite, trial.simulator.clock.now().getTime())[0];
  return { ...trial, logged, service, shown, pageSize, pass, change, statusOf, looks };
}

/** All listings of a quiet pass except the one of the recent span, which is open to the future. */
function looksOf(calls: TinyCall[], nowMs: number): TinyCall[] {
  return calls.filter(({ input }) => {
    const filters = new Map((input.Filters ?? []).map(({ key, value }) => [key, value]));
    const before = filters.get('InvokedBefore');
    return input.CommandId !== undefined || (before !== undefined && Date.parse(before) < nowMs - DAY_MS + MINUTE_MS);
  });
}

const SUCCESS = { Status: 'Success', StatusDetails: 'Success' };
const LATE = { Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut' };

describe('a final state that changes days later', () => {
  it('is found by the next pass in a quiet account, stored as another state, and reported in a warning', async () => {
    const { pass, change, statusOf, logged, db, simulator } = await startLooks([
      invocationOf(5, 1, LATE),
      invocationOf(0.04, 2, SUCCESS),
    ]);
    await pass();
    expect(statusOf(1)).toBe('TimedOut');
    change(1, SUCCESS);
    simulator.clock.advance(5 * MINUTE_MS);
    const { looks, outcome } = await pass();
    expect(outcome).toBe('complete');
    expect(looks).toHaveLength(1);
    expect(statusOf(1)).toBe('Success');
    const states = rowsOf(db, 'revisions').map(({ status }) => status);
    expect(states.sort()).toEqual(['Success', 'Success', 'TimedOut']);
    expect(logged.map(({ msg }) => msg)).toContainEqual(expect.stringMatching(/changed an invocation that had ended/));
  });

  it('is found each time, because looking again never ends: after the newest invocation it restarts at the oldest, one call per pass', async () => {
    const { pass, change, statusOf, simulator } = await startLooks([invocationOf(5, 1), invocationOf(20, 2)]);
    for (const status of ['Failed', 'Success', 'Cancelled']) {
      await pass();
      change(1, { Status: status });
      simulator.clock.advance(5 * MINUTE_MS);
      expect((await pass()).looks.length).toBeLessThanOrEqual(1);
      expect(statusOf(1)).toBe(status);
    }
  });

  it.each(['invocation', 'command'] as const)(
    'is found if the service compares the time of the %s, even on an invocation that came days after its command',
    async (filterTime) => {
      const slow = [0, 1, 2, 3].map((day) => invocationOf(12 - day, 100 + day, { CommandId: 'slow' }));
      const { pass, change, statusOf, simulator, db } = await startLooks(
        [...slow, ...[3, 6, 9].map((day) => invocationOf(day, day))],
        { filterTime },
      );
      await pass();
      for (const n of [100, 101, 103, 6]) change(n, LATE);
      for (let n = 0; n < 6; n += 1) {
        simulator.clock.advance(5 * MINUTE_MS);
        await pass();
      }
      expect([100, 101, 103, 6].map(statusOf)).toEqual(['TimedOut', 'TimedOut', 'TimedOut', 'TimedOut']);
      expect(rowsOf(db, 'late_looks_owed')).toEqual([]);
      expect(readLateLooks(db.sqlite, simulator.clock.now().getTime())).toMatchObject([
        { ...PLACE, due: 0, leftOut: 0 },
      ]);
    },
  );

  it('is found on an invocation that ended or appeared only after its time had been looked at', async () => {
    const running = invocationOf(9, 1, { Status: 'InProgress', StatusDetails: 'InProgress' });
    const { pass, change, shown, statusOf, simulator } = await startLooks([running, invocationOf(3, 2)]);
    await pass();
    simulator.clock.advance(5 * MINUTE_MS);
    await pass();
    change(1, LATE);
    simulator.clock.advance(5 * MINUTE_MS);
    await pass();
    expect(statusOf(1)).toBe('TimedOut');
    change(1, SUCCESS);
    simulator.clock.advance(5 * MINUTE_MS);
    await pass();
    expect(statusOf(1)).toBe('Success');
    expect(shown.size).toBe(2);
  });
});

describe('the calls by which a pass looks at final invocations again', () => {
  it('are enough to look at each invocation within 28 days, and never more than the limit', async () => {
    const fleet = Array.from({ length: 3000 }, (_, n) => invocationOf(1.5 + (n * 26) / 3000, n));
    const { pass, simulator, looks, db } = await startLooks(fleet);
    await pass();
    expect(rowsOf(db, 'invocations')).toHaveLength(3000);
    simulator.clock.advance(5 * MINUTE_MS);
    expect((await pass()).looks.length).toBeLessThanOrEqual(2);
    // 3,000 invocations are at least 60 replies, and one day is 1/28 of the time that there is for them.
    simulator.clock.advance(DAY_MS);
    const day = (await pass()).looks.length;
    expect(day).toBeGreaterThanOrEqual(2);
    expect(day).toBeLessThanOrEqual(12);
    for (let n = 0; n < 26; n += 1) {
      simulator.clock.advance(DAY_MS);
      expect((await pass()).looks.length).toBeLessThanOrEqual(20);
    }
    expect(looks()).toMatchObject({ leftOut: 0 });
  }, 60_000);

  it('stay within the limit even if it is too low: the invocations that are not looked at are counted and reported', async () => {
    const fleet = Array.from({ length: 400 }, (_, n) => invocationOf(20 + n / 400, n));
    const { pass, simulator, looks, db } = await startLooks(fleet);
    await pass(1);
    simulator.clock.advance(7.5 * DAY_MS);
    await pass(1);
    expect(looks()?.leftOut).toBe(0);
    simulator.clock.advance(3 * DAY_MS);
    await pass(1);
    const leftOut = looks()?.leftOut ?? 0;
    expect(leftOut).toBeGreaterThan(300);
    expect(leftOut).toBeLessThan(400);
    const nowMs = simulator.clock.now().getTime();
    expect(readStatus(db.sqlite, nowMs).lateLooks).toMatchObject([{ ...PLACE, leftOut }]);
    const metric = readMetrics(db.sqlite, { nowMs, settlingMs: 0 }).find(
      ({ name }) => name === 'ssm_archive_late_looks_left_out',
    );
    expect(metric?.samples).toEqual([{ labels: { account: ACCOUNT, region: REGION }, value: leftOut }]);
  });

  it('are not made if the limit is 0, and in the end all invocations are reported as not looked at', async () => {
    const { pass, simulator, looks } = await startLooks([invocationOf(20, 1), invocationOf(2, 2)]);
    await pass(0);
    simulator.clock.advance(HOUR_MS);
    expect((await pass(0)).looks).toEqual([]);
    expect(looks()).toMatchObject({ due: 2, leftOut: 0 });
    simulator.clock.advance(10 * DAY_MS);
    await pass(0);
    expect(looks()).toMatchObject({ due: 1, leftOut: 1 });
  });

  it('stay within the limit for a command with more replies than the limit, which is looked at node by node', async () => {
    const big = Array.from({ length: 60 }, (_, n) =>
      invocationOf(10, n, { CommandId: 'big', RequestedDateTime: (START.getTime() - 10 * DAY_MS) / 1000 }),
    );
    const { pass, simulator, change, statusOf, looks, db } = await startLooks(big);
    await pass(1);
    change(59, LATE);
    for (let passes = 0; passes < 64; passes += 1) {
      simulator.clock.advance(6 * HOUR_MS);
      expect((await pass(1)).looks.length).toBeLessThanOrEqual(1);
    }
    expect(statusOf(59)).toBe('TimedOut');
    expect(rowsOf(db, 'late_looks_owed')).toEqual([]);
    expect(looks()).toMatchObject({ due: 0, leftOut: 0 });
  }, 60_000);

  it('count only once the last reply of a listing has come, if the listing has several replies', async () => {
    const { pass, simulator, pageSize, looks, db } = await startLooks(
      Array.from({ length: 40 }, (_, n) => invocationOf(5, n)),
    );
    await pass();
    pageSize.rows = 10;
    pageSize.empties = 1;
    simulator.clock.advance(5 * MINUTE_MS);
    await pass(3);
    expect(looks()).toMatchObject({ due: 40 });
    expect(rowsOf(db, 'sweeps').map(({ outcome }) => outcome)).toContain('interrupted');
    for (let n = 0; n < 60; n += 1) {
      simulator.clock.advance(5 * MINUTE_MS);
      await pass(3);
    }
    expect(looks()).toMatchObject({ due: 0, leftOut: 0 });
  });

  it('are not made if no invocation is both final and more than a day old', async () => {
    const { pass, simulator } = await startLooks([invocationOf(0.5, 1), invocationOf(0.1, 2)]);
    await pass();
    simulator.clock.advance(5 * MINUTE_MS);
    expect((await pass()).looks).toEqual([]);
  });

  it('do not disturb the rest of the pass if one of them fails: everything else is collected', async () => {
    const { pass, simulator, service, shown, statusOf } = await startLooks([invocationOf(5, 1)]);
    await pass();
    shown.set('new', invocationOf(0, 3));
    simulator.clock.advance(5 * MINUTE_MS);
    const calls = service.calls.length;
    expect(calls).toBeGreaterThan(0);
    shown.set('bad', { RequestedDateTime: (START.getTime() - 5 * DAY_MS) / 1000 });
    const { outcome } = await pass();
    expect(outcome).toBe('failed');
    expect(statusOf(3)).toBe('Success');
  });
});
