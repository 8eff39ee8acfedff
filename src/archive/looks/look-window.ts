import { DAY_MS } from '../../lib/time.ts';

/**
 * A late look at an invocation counts only when the invocation is a day old or older. A younger one was collected only
 * a short time ago, and may still change.
 */
export const LOOK_FROM_MS = DAY_MS;
/**
 * A late look at an invocation counts only until its 29th day: the service forgets it after the 30th day, and the
 * service's clock may differ from ours.
 */
export const LOOK_UNTIL_MS = 29 * DAY_MS;
