import { setMaxListeners } from 'node:events';
import type { RetryErrorInfo } from '@smithy/types';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPacer } from '../../src/upstream/create-pacer.ts';
import { Interrupted } from '../../src/upstream/errors.ts';

const THROTTLED: RetryErrorInfo = { errorType: 'THROTTLING' };
const FAULT: RetryErrorInfo = { errorType: 'SERVER_ERROR' };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(random = 1) {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const pacer = createPacer({ monotonicMs: () => Date.now(), random: () => random, signal: stopping.signal });
  const begin = () => pacer.acquireInitialRetryToken('');
  return { pacer, begin, stopping };
}

/** Returns how long the promise takes on the fake clock. Rejects if the promise does. */
async function timed<T>(promise: Promise<T>): Promise<{ value: T; ms: number }> {
  const startedAt = Date.now();
  let endedAt: number | undefined;
  const ended = promise.finally(() => {
    endedAt = Date.now();
  });
  ended.catch(() => undefined);
  while (endedAt === undefined) await vi.advanceTimersByTimeAsync(5);
  return { value: await ended, ms: endedAt - startedAt };
}

describe('the pace of a source', () => {
  it('has no limit until the service throttles', async () => {
    const { begin } = setUp();
    const { ms } = await timed(Promise.all(Array.from({ length: 500 }, begin)));
    expect(ms).toBe(0);
  });

  it('falls, after a throttle, to seven tenths of the rate in that second', async () => {
    const { pacer, begin } = setUp(0);
    const [first] = await Promise.all(Array.from({ length: 20 }, begin));
    if (!first) throw new Error('There is no token.');
    await timed(pacer.refreshRetryTokenForRetry(first, THROTTLED));
    const { ms } = await timed(Promise.all(Array.from({ length: 14 }, begin)));
    // 20 × 0.7 = 14 a second; the retry took the first slot.
    expect(ms).toBeGreaterThan(950);
    expect(ms).toBeLessThan(1050);
  });

  it('counts a burst of throttles as one throttle', async () => {
    const { pacer, begin } = setUp(0);
    const tokens = await Promise.all(Array.from({ length: 100 }, begin));
    const { ms } = await timed(Promise.all(tokens.map((token) => pacer.refreshRetryTokenForRetry(token, THROTTLED))));
    // 100 retries at 70 a second: if each throttle had counted, they would be sent at the lowest rate, 5 a second.
    expect(ms).toBeGreaterThan(1300);
    expect(ms).toBeLessThan(1500);
  });

  it('never falls below five calls a second', async () => {
    const { pacer, begin } = setUp(0);
    let token = await begin();
    for (let i = 0; i < 20; i += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      pacer.recordSuccess(token);
      token = (await timed(pacer.refreshRetryTokenForRetry(token, THROTTLED))).value;
    }
    const { ms } = await timed(Promise.all(Array.from({ length: 10 }, begin)));
    expect(ms).toBeLessThanOrEqual(2005);
    expect(ms).toBeGreaterThanOrEqual(1800);
  });

  it('grows again with each success', async () => {
    const { pacer, begin } = setUp(0);
    const token = await begin();
    await timed(pacer.refreshRetryTokenForRetry(token, THROTTLED));
    const slow = await timed(Promise.all(Array.from({ length: 10 }, begin)));
    for (let i = 0; i < 200; i += 1) pacer.recordSuccess(token);
    const fast = await timed(Promise.all(Array.from({ length: 10 }, begin)));
    expect(fast.ms).toBeLessThan(slow.ms / 5);
  });
});

describe('a retry', () => {
  it('waits after a fault with full-jitter back-off that doubles up to five seconds', async () => {
    const { pacer, begin } = setUp(1);
    let token = await begin();
    const waits: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      const { value, ms } = await timed(pacer.refreshRetryTokenForRetry(token, FAULT));
      waits.push(ms);
      token = value;
    }
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    const lucky = setUp(0);
    expect((await timed(lucky.pacer.refreshRetryTokenForRetry(await lucky.begin(), FAULT))).ms).toBe(0);
  });

  it('does not slow other calls if it follows a fault', async () => {
    const { pacer, begin } = setUp(0);
    await timed(pacer.refreshRetryTokenForRetry(await begin(), FAULT));
    expect((await timed(Promise.all(Array.from({ length: 50 }, begin)))).ms).toBe(0);
  });

  it('is made nine times after a fault: ten attempts in all', async () => {
    const { pacer, begin } = setUp(0);
    let token = await begin();
    for (let i = 0; i < 9; i += 1) token = await pacer.refreshRetryTokenForRetry(token, FAULT);
    expect(token.getRetryCount()).toBe(9);
    await expect(pacer.refreshRetryTokenForRetry(token, FAULT)).rejects.toThrow('No further attempt.');
  });

  it('can still follow a fault after any number of throttles', async () => {
    const { pacer, begin } = setUp(0);
    let token = await begin();
    for (let i = 0; i < 9; i += 1) {
      pacer.recordSuccess(token);
      token = (await timed(pacer.refreshRetryTokenForRetry(token, THROTTLED))).value;
    }
    expect((await timed(pacer.refreshRetryTokenForRetry(token, FAULT))).value.getRetryCount()).toBe(10);
  });

  it('never follows a refusal', async () => {
    const { pacer, begin } = setUp(0);
    const token = await begin();
    await expect(pacer.refreshRetryTokenForRetry(token, { errorType: 'CLIENT_ERROR' })).rejects.toThrow();
  });

  it('is made once after a status in the 400s, because the SDK may have corrected its clock by that answer', async () => {
    const { pacer, begin } = setUp(0);
    const answer: RetryErrorInfo = {
      errorType: 'TRANSIENT',
      error: {
        name: 'InvalidSignatureException',
        message: 'Signature not yet current',
        $fault: 'client',
        $metadata: { httpStatusCode: 400 },
      },
    };
    const again = await pacer.refreshRetryTokenForRetry(await begin(), answer);
    await expect(pacer.refreshRetryTokenForRetry(again, answer)).rejects.toThrow('No further attempt.');
  });

  it('is made after a throttle until nothing has succeeded for five minutes', async () => {
    const { pacer, begin } = setUp(0);
    let token = await begin();
    for (let i = 0; i < 30; i += 1) {
      await vi.advanceTimersByTimeAsync(9500);
      token = (await timed(pacer.refreshRetryTokenForRetry(token, THROTTLED))).value;
    }
    expect(token.getRetryCount()).toBe(30);
    await vi.advanceTimersByTimeAsync(20_000);
    await expect(pacer.refreshRetryTokenForRetry(token, THROTTLED)).rejects.toThrow('No further attempt.');
    pacer.recordSuccess(token);
    expect((await timed(pacer.refreshRetryTokenForRetry(token, THROTTLED))).value.getRetryCount()).toBe(31);
  });

  it('waits as long as the service asks, but at most a minute', async () => {
    const { pacer, begin } = setUp(0);
    const retryAfter = (ms: number): RetryErrorInfo => ({ ...FAULT, retryAfterHint: new Date(Date.now() + ms) });
    expect((await timed(pacer.refreshRetryTokenForRetry(await begin(), retryAfter(3000)))).ms).toBe(3000);
    expect((await timed(pacer.refreshRetryTokenForRetry(await begin(), retryAfter(600_000)))).ms).toBe(60_000);
  });
});

describe('when the pass is told to stop,', () => {
  it('a call that waits for its turn is interrupted at once', async () => {
    const { pacer, begin, stopping } = setUp(1);
    const waiting = timed(
      pacer.refreshRetryTokenForRetry(await begin(), { ...FAULT, retryAfterHint: new Date(Date.now() + 60_000) }),
    );
    const interrupted = expect(waiting).rejects.toThrow(Interrupted);
    stopping.abort();
    await interrupted;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('no further call begins', async () => {
    const { begin, stopping } = setUp();
    stopping.abort();
    await expect(begin()).rejects.toThrow(Interrupted);
  });
});
