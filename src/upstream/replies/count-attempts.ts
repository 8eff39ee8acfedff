import type { DeserializeHandler, MetadataBearer, Pluggable } from '@smithy/types';
import { Interrupted } from '../errors.ts';
import { isThrottle, statusOf } from './is-throttle.ts';

/** How many requests went out, how many of them were throttled, and how many failed in a way that was tried again. */
export interface CallCounts {
  calls: number;
  throttles: number;
  faults: number;
}

/** Returns the middleware that counts each attempt of a call. */
export function countAttempts<I extends object, O extends MetadataBearer>(counts: CallCounts): Pluggable<I, O> {
  const counting =
    (next: DeserializeHandler<I, O>): DeserializeHandler<I, O> =>
    async (args) => {
      counts.calls += 1;
      try {
        return await next(args);
      } catch (error) {
        if (isThrottle(error)) counts.throttles += 1;
        else if (isFault(error)) counts.faults += 1;
        throw error;
      }
    };
  return {
    applyToStack(stack) {
      stack.add(counting, { step: 'deserialize', priority: 'high', name: 'countAttempts' });
    },
  };
}

/**
 * True for every error except two: an answer of the 400s, which refuses the request itself, and a call that this
 * process broke off.
 */
function isFault(error: unknown): boolean {
  if (error instanceof Interrupted) return false;
  const status = statusOf(error);
  return status === undefined || status >= 500 || status < 400;
}
