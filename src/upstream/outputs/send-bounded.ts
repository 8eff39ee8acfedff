import { boundCall, type CallBounds } from '../calls/bound-call.ts';
import { outputError } from './output-errors.ts';

/**
 * Makes a call, with all of its attempts and its whole body, within one deadline: an output that is hard to get must
 * not hold a pass. Throws outputError of what the call threw.
 */
export async function sendBounded<T>(
  bounds: CallBounds,
  grant: { actions: readonly string[]; resources: readonly string[] },
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const call = boundCall(bounds);
  try {
    return await call.orAborted(send(call.signal));
  } catch (error) {
    throw outputError(call.signal.aborted ? call.signal.reason : error, grant);
  } finally {
    call.ended();
  }
}
