import { DAY_MS } from '../../lib/time.ts';

/** A look counts from an invocation's first day on: before that it is as it was collected, and may well go on. */
export const LOOK_FROM_MS = DAY_MS;
/** And up to its 29th day: the service forgets it after the 30th, and its clock is not this one's. */
export const LOOK_UNTIL_MS = 29 * DAY_MS;
