import { describe, expect, test } from 'vitest';
import { readCoverage } from '../../../src/archive/coverage/read-coverage.ts';
import { PassRunning } from '../../../src/archive/file/lease.ts';
import { listCovered } from '../../../src/archive/record/mark-covered.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { ACCOUNT, REGION, START, startTrial } from '../archive-trial.ts';
import { expectEqualToService, expectHoldsService } from '../expect-equal.ts';

const SOURCE = { accountId: ACCOUNT, region: REGION };
const OTHER = '444455556666';
const TWO_ACCOUNTS = [
  { accountId: ACCOUNT, regions: [REGION] },
  { accountId: OTHER, regions: ['us-east-1'] },
];

describe('a service in trouble', () => {
  test('is asked again, more slowly, if it throttles, and the throttles are counted', async () => {
    const { simulator, db, pass } = await startTrial({ faults: { throttleRate: 0.2 }, invocations: 300 });
    const { outcome, sources } = await pass();
    expect(outcome).toBe('complete');
    expect(sources[0]?.throttles).toBe(simulator.stats.throttles);
    expect(sources[0]?.throttles).toBeGreaterThan(0);
    const swept = db.sqlite.prepare('SELECT sum(throttles) FROM sweeps').pluck().get();
    expect(swept).toBe(simulator.stats.throttles);
    expectEqualToService(db, simulator, ACCOUNT, REGION);
  });

  test.each([
    ['answers 500', { errorRate: 0.3 }, 'errors'],
    ['drops connections, before a reply and within it', { dropRate: 0.3 }, 'drops'],
    ['answers slowly', { slowRate: 0.5, slowMs: 20 }, 'slowReplies'],
  ] as const)('is asked again until it has answered if it %s', async (_, faults, counter) => {
    const { simulator, db, pass } = await startTrial({ faults, invocations: 1500 });
    const { outcome } = await pass();
    expect(simulator.stats[counter]).toBeGreaterThan(5);
    expect(outcome).toBe('complete');
    expectEqualToService(db, simulator, ACCOUNT, REGION);
  });

  test('still leads to a complete archive if it is in trouble in every way at once', async () => {
    const { simulator, db, pass } = await startTrial({
      accounts: TWO_ACCOUNTS,
      invocations: 800,
      filterTime: 'command',
      faults: {
        ...{ throttleRate: 0.05, errorRate: 0.05, dropRate: 0.05, slowRate: 0.05, slowMs: 10, invalidTokenRate: 0.05 },
        ...{
          emptyPageRate: 0.1,
          shortPageRate: 0.2,
          repeatRate: 0.2,
          unmodelledMembers: true,
          exponentTimestamps: true,
        },
        ...{ fewerPlugins: 0.1, unknownStatuses: 0.02 },
      },
    });
    await pass();
    simulator.clock.advance(2 * DAY_MS);
    await pass();
    const { outcome } = await pass();
    expect(outcome).toBe('complete');
    for (const { accountId, regions } of TWO_ACCOUNTS) expectHoldsService(db, simulator, accountId, regions[0] ?? '');
  });
});

describe('a source that is refused', () => {
  test.each([
    [
      'for lack of permission',
      { deniedAccounts: [OTHER] },
      /AccessDenied.*is not authorized to perform.*Grant ssm:ListCommand/s,
    ],
    ['for expired credentials', { expiredAccounts: [OTHER] }, /ExpiredToken.*Renew the credentials/s],
  ] as const)(
    "%s fails with the service's own words and what to do; the other sources finish",
    async (_, faults, words) => {
      const { simulator, db, pass } = await startTrial({ accounts: TWO_ACCOUNTS, faults: mutable(faults) });
      const { outcome, sources } = await pass();
      expect(outcome).toBe('failed');
      expect(sources.find(({ alias }) => alias === OTHER)).toMatchObject({
        outcome: 'failed',
        error: expect.stringMatching(words),
      });
      expect(sources.find(({ alias }) => alias === ACCOUNT)).toMatchObject({ outcome: 'complete', error: null });
      expectEqualToService(db, simulator, ACCOUNT, REGION);
      expect(listCovered(db.sqlite, { accountId: OTHER, region: 'us-east-1' })).toEqual([]);
    },
  );

  test('for ListCommands alone still has its invocations collected, but none of its time counts as covered', async () => {
    const { simulator, db, pass } = await startTrial({ faults: { deniedOperations: ['ListCommands'] } });
    const { outcome, sources } = await pass();
    expect(outcome).toBe('failed');
    expect(sources[0]?.error).toMatch(/Grant ssm:ListCommands on/);
    expectEqualToService(db, simulator, ACCOUNT, REGION);
    expect(listCovered(db.sqlite, SOURCE)).toEqual([]);
  });

  test('because its account is not the configured one fails, and the other sources do not', async () => {
    const { db, pass, config } = await startTrial({ accounts: TWO_ACCOUNTS });
    const [first, second] = config.sources;
    if (!first || !second) throw new Error('The trial has two sources.');
    const { outcome, sources } = await pass({ config: { sources: [{ ...first, accountId: '999999999999' }, second] } });
    expect(outcome).toBe('failed');
    expect(sources.find(({ alias }) => alias === first.alias)?.error).toMatch(
      /configured as account 999999999999, but its credentials belong to account 111122223333/,
    );
    expect(sources.find(({ alias }) => alias === second.alias)?.outcome).toBe('complete');
    expect(db.sqlite.prepare('SELECT DISTINCT account_id FROM invocations').pluck().all()).toEqual([OTHER]);
  });
});

describe('commands that outlast a pass', () => {
  test.each(['invocation', 'command'] as const)(
    'are collected until they end, including late invocations, if the service filters by the time of the %s',
    async (filterTime) => {
      const { simulator, db, pass } = await startTrial({
        filterTime,
        rollingShare: 0.2,
        longShare: 0.2,
        invocations: 900,
      });
      await pass();
      const unfinished = () =>
        db.sqlite
          .prepare("SELECT count(*) FROM invocations WHERE status IN ('Pending', 'InProgress', 'Delayed')")
          .pluck()
          .get();
      expect(unfinished()).toBeGreaterThan(0);
      for (let day = 0; day < 4; day += 1) {
        simulator.clock.advance(DAY_MS);
        await pass();
      }
      expectHoldsService(db, simulator, ACCOUNT, REGION);
    },
  );

  test.each(['invocation', 'command'] as const)(
    'are complete after the collector slept for twelve days, if the service filters by the time of the %s',
    async (filterTime) => {
      const { simulator, db, pass } = await startTrial({
        filterTime,
        rollingShare: 0.3,
        longShare: 0.2,
        invocations: 900,
      });
      await pass();
      simulator.clock.advance(12 * DAY_MS);
      await pass();
      expectHoldsService(db, simulator, ACCOUNT, REGION);
    },
  );

  test('cost few calls while nothing about them changes', async () => {
    const { pass, calls } = await startTrial({ rollingShare: 0.1, longShare: 0.1, invocations: 900 });
    await pass();
    await pass();
    const before = calls();
    await pass();
    expect(calls() - before).toBeLessThan(60);
  });

  test('are recorded with fewer steps if the service later shows fewer, and the earlier state stays', async () => {
    const { simulator, db, pass } = await startTrial({ invocations: 900 });
    await pass();
    simulator.faults.fewerPlugins = 0.5;
    await pass({ only: { from: START.getTime() - 30 * DAY_MS, to: START.getTime() } });
    expectEqualToService(db, simulator, ACCOUNT, REGION);
    const shrunk = db.sqlite
      .prepare(
        'SELECT count(*) FROM revisions a JOIN revisions b ON b.invocation_id = a.invocation_id AND b.seq > a.seq WHERE b.plugin_count < a.plugin_count',
      )
      .pluck()
      .get();
    expect(shrunk).toBeGreaterThan(0);
  });
});

describe('a collector whose clock is off, or that slept', () => {
  test("has a gap if it slept for longer than the service's 30 days, and collects the rest, oldest first", async () => {
    const { simulator, db, pass } = await startTrial();
    await pass();
    simulator.clock.advance(40 * DAY_MS);
    const now = START.getTime() + 40 * DAY_MS;
    await pass();
    expectHoldsService(db, simulator, ACCOUNT, REGION);
    expect(listCovered(db.sqlite, SOURCE)).toEqual([
      { from: START.getTime() - 30 * DAY_MS, to: START.getTime() - 15 * MINUTE_MS },
      { from: now - 30 * DAY_MS, to: now - 15 * MINUTE_MS },
    ]);
    const [coverage] = readCoverage(db.sqlite, { nowMs: now, settlingMs: 15 * MINUTE_MS });
    expect(coverage?.gaps).toEqual([
      expect.objectContaining({
        from: new Date(START.getTime() - 15 * MINUTE_MS).toISOString(),
        isForgotten: true,
        cause: expect.stringContaining('30 days'),
      }),
    ]);
    const starts = db.sqlite
      .prepare(
        "SELECT from_at FROM sweeps WHERE run_id = 2 AND operation = 'ListCommandInvocations' AND command_id IS NULL ORDER BY id",
      )
      .pluck()
      .all();
    expect(starts).toEqual([...starts].sort());
  });

  test.each([12, -12])("loses nothing if the service's clock is %i minutes off", async (minutes) => {
    const { simulator, db, pass } = await startTrial({
      faults: { clockSkewMs: minutes * MINUTE_MS },
      invocations: 1500,
    });
    for (let i = 0; i < 4; i += 1) {
      await pass();
      simulator.clock.advance(5 * MINUTE_MS);
    }
    await pass();
    expectEqualToService(db, simulator, ACCOUNT, REGION);
  });

  test('loses nothing if this machine runs 12 minutes ahead of the service', async () => {
    const { simulator, db, pass } = await startTrial({ invocations: 1500 });
    const now = () => new Date(simulator.clock.now().getTime() + 12 * MINUTE_MS);
    for (let i = 0; i < 4; i += 1) {
      await pass({ now });
      simulator.clock.advance(5 * MINUTE_MS);
    }
    await pass({ now });
    expectEqualToService(db, simulator, ACCOUNT, REGION);
  });
});

describe('two collectors', () => {
  test('on one file do not disturb each other: the second one gives up with a message', async () => {
    const { simulator, db, pass } = await startTrial();
    const first = pass();
    await expect(pass()).rejects.toThrow(PassRunning);
    expect((await first).outcome).toBe('complete');
    expectEqualToService(db, simulator, ACCOUNT, REGION);
  });

  test('on one file can run one after another: the second one waits if it is told to', async () => {
    const { pass } = await startTrial({ invocations: 100 });
    const said: string[] = [];
    const first = pass();
    const second = await pass({
      waits: true,
      onEvent: (event) => event.kind === 'waiting' && said.push(event.sentence),
    });
    expect((await first).runId).toBeLessThan(second.runId);
    expect(said).toEqual([expect.stringMatching(/^Another pass is collecting.*Waiting until it ends\.$/)]);
  });
});

describe('an interrupted pass', () => {
  test('ends after the replies that are under way, keeps whole replies, and the next pass completes the work', async () => {
    const { simulator, db, pass } = await startTrial({ invocations: 1500 });
    const stopping = new AbortController();
    const { outcome } = await pass({
      signal: stopping.signal,
      onProgress: ({ pages }) => pages > 10 && stopping.abort(),
    });
    expect(outcome).toBe('interrupted');
    const half = Number(db.sqlite.prepare('SELECT count(*) FROM invocations').pluck().get());
    expect(half).toBeGreaterThan(0);
    expect(db.sqlite.prepare('SELECT count(*) FROM leases').pluck().get()).toBe(0);
    const { sources } = await pass();
    expect(sources[0]?.rowsAdded).toBe(expectEqualToService(db, simulator, ACCOUNT, REGION) - half);
  });
});

/** The simulator's lists of faults may be changed at any time. */
function mutable(faults: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(faults).map(([name, accounts]) => [name, [...accounts]]));
}
