import type { RetryErrorInfo, RetryStrategyV2, RetryToken } from '@smithy/types';
import { MINUTE_MS, SECOND_MS, sleep } from '../lib/time.ts';
import { CallLate, Interrupted } from './errors.ts';

const FLOOR_PER_SECOND = 5;
const DECREASE = 0.7;
const INCREASE_PER_SUCCESS = 0.25;
const BACKOFF_BASE_MS = 100;
const BACKOFF_CAP_MS = 5 * SECOND_MS;
const FAULT_ATTEMPTS = 10;
/**
 * A call that ended by its deadline counts as this many faults. Each such call costs minutes, so the third is the last.
 */
const FAULTS_IF_LATE = 4;
/**
 * A refusal is final, except that the SDK may try once more after it has corrected its clock by the clock of the reply.
 */
const ANSWER_ATTEMPTS = 2;
const THROTTLED_PATIENCE_MS = 5 * MINUTE_MS;

interface PacerDeps {
  /** Milliseconds that only go forward. */
  monotonicMs(): number;
  random(): number;
  signal: AbortSignal;
}

/**
 * Creates the pace of one source: the SDK's retry strategy for all of its calls.
 *
 * Calls go out at once until the service throttles. From then on, they wait in one queue, which lets them out at a rate
 * that falls by 30 % in each throttled second and grows with each success. Throttles are retried until nothing has
 * succeeded for five minutes, faults ten times, late replies three times, each with full-jitter back-off.
 * docs/decisions/0004-pacing.md compares it with the SDK's adaptive mode.
 *
 * Waiting calls reject with Interrupted when the signal aborts. The pacer does not end calls in flight.
 */
export function createPacer({ monotonicMs, random, signal }: PacerDeps): RetryStrategyV2 {
  let perSecond = Number.POSITIVE_INFINITY;
  let nextSlotMs = 0;
  let loweredAtMs = Number.NEGATIVE_INFINITY;
  let succeededAtMs = monotonicMs();
  let sentLately: number[] = [];
  /** How many attempts of a call ended in a fault. Throttles do not count. */
  const faultsOf = new WeakMap<RetryToken, number>();

  async function turn(): Promise<void> {
    const now = monotonicMs();
    const slot = Math.max(now, nextSlotMs);
    nextSlotMs = slot + SECOND_MS / perSecond;
    sentLately.push(slot);
    await wait(slot - now);
  }

  async function wait(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, signal);
    if (signal.aborted) throw new Interrupted();
  }

  function slowDown(): void {
    const now = monotonicMs();
    // A burst of throttles counts once: calls that were under way together are refused together.
    if (now - loweredAtMs < SECOND_MS) return;
    loweredAtMs = now;
    sentLately = sentLately.filter((at) => at > now - SECOND_MS);
    perSecond = Math.max(FLOOR_PER_SECOND, Math.min(perSecond, sentLately.length) * DECREASE);
  }

  function backoffMs(retries: number): number {
    return random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** retries);
  }

  return {
    async acquireInitialRetryToken() {
      await turn();
      return retryToken(0);
    },

    async refreshRetryTokenForRetry(token: RetryToken, info: RetryErrorInfo) {
      const retries = token.getRetryCount();
      const isThrottled = info.errorType === 'THROTTLING';
      if (isThrottled) slowDown();
      const faults =
        (faultsOf.get(token) ?? 0) + (isThrottled ? 0 : info.error instanceof CallLate ? FAULTS_IF_LATE : 1);
      const isHopeless = isThrottled
        ? monotonicMs() - succeededAtMs > THROTTLED_PATIENCE_MS
        : info.errorType === 'CLIENT_ERROR' || faults >= (isAnswer(info) ? ANSWER_ATTEMPTS : FAULT_ATTEMPTS);
      if (isHopeless) throw new Error('No further attempt.');
      const hintMs = info.retryAfterHint ? info.retryAfterHint.getTime() - Date.now() : 0;
      await wait(Math.max(backoffMs(retries), Math.min(hintMs, MINUTE_MS)));
      await turn();
      const next = retryToken(retries + 1);
      faultsOf.set(next, faults);
      return next;
    },

    recordSuccess() {
      succeededAtMs = monotonicMs();
      perSecond += INCREASE_PER_SUCCESS;
      if (sentLately.length > 1000) sentLately = sentLately.slice(-500);
    },
  };
}

/** Whether the service understood the call and refused it: any status from 400 to 499. */
function isAnswer({ error }: RetryErrorInfo): boolean {
  const status = error?.$metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500;
}

function retryToken(count: number): RetryToken {
  return { getRetryCount: () => count, getRetryDelay: () => 0 };
}
