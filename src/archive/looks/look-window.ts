import { DAY_MS } from '../../lib/time.ts';

/**
 * A look counts from an invocation's first day on. Before that the invocation is as it was collected, and may still
 * change.
 */
export const LOOK_FROM_MS = DAY_MS;
/**
 * A look counts until an invocation's 29th day: the service forgets it after the 30th, and the service's clock may
 * differ from ours.
 */
export const LOOK_UNTIL_MS = 29 * DAY_MS;
