import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCoverage } from '../../../src/archive/coverage/read-coverage.ts';
import { stateCoverage } from '../../../src/archive/coverage/state-coverage.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { ACCOUNT, REGION, START, startTrial, type Trial } from '../archive-trial.ts';
import { isKept, requestedIn } from '../upstream-truth.ts';

const begin = START.getTime();
const whose = fc.constantFrom('invocation' as const, 'command' as const);
const outage = fc.oneof(
  fc.integer({ min: MINUTE_MS, max: DAY_MS }),
  fc.integer({ min: DAY_MS, max: 29 * DAY_MS }),
  fc.integer({ min: 29 * DAY_MS, max: 45 * DAY_MS }),
);
const service = fc.record({
  seed: fc.nat(),
  filterTime: whose,
  forgetTime: whose,
  rollingShare: fc.constantFrom(0.05, 0.3, 0.6),
  longShare: fc.constantFrom(0, 0.2),
  invocations: fc.constant(900),
});
const step = fc.record({
  outage,
  denied: fc.constantFrom<string[]>([], [], [], ['ListCommandInvocations'], ['ListCommands']),
});

/** Expects that no span reported as complete lacks an invocation that the service has had. */
function expectNothingFalse({ db, simulator, config }: Trial, options: object): void {
  const when = { nowMs: simulator.clock.now().getTime(), settlingMs: config.settlingMs };
  const [whole] = readCoverage(db.sqlite, when);
  if (!whole) return;
  for (const one of requestedIn(options, begin - 33 * DAY_MS, when.nowMs)) {
    if (isKept(db, one) || one.requestedMs - one.sentMs > whole.spreadMs) continue;
    const { requestedMs: from } = one;
    const isIn = (span: { from: string; to: string }) => Date.parse(span.from) <= from && from < Date.parse(span.to);
    const [judged] = readCoverage(db.sqlite, { ...when, from, to: from + 1 });
    const stated = stateCoverage(
      db.sqlite,
      { accountId: ACCOUNT, region: REGION },
      { fromMs: from, toMs: from + 1 },
      when,
    );
    const saysAll =
      stated.gaps.length + stated.edges.length + stated.forgottenCommands === 0 && stated.untilMs === undefined;
    const isWhole = whole.isComplete && isIn(whole.span);
    expect([one, judged?.isComplete, saysAll, isWhole]).toEqual([one, false, false, false]);
  }
}

test('no span reported as complete lacks an invocation, for any times by which the service filters and forgets, and any pause of the collector', async () => {
  await fc.assert(
    fc.asyncProperty(service, fc.array(step, { minLength: 1, maxLength: 4 }), async (options, steps) => {
      const trial = await startTrial(options);
      await trial.pass();
      expectNothingFalse(trial, options);
      for (const { outage: ms, denied } of steps) {
        trial.simulator.clock.advance(ms);
        trial.simulator.faults.deniedOperations = denied;
        await trial.pass();
        expectNothingFalse(trial, options);
      }
    }),
    { numRuns: Number(process.env.LEFT_EDGE_RUNS ?? 8) },
  );
}, 600_000);
