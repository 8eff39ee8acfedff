import { DAY_MS, HOUR_MS } from '../../lib/time.ts';

/** How long the service keeps an invocation after it was requested. AWS documents 30 days. */
export const RETENTION_MS = 30 * DAY_MS;

/**
 * The longest expected time between the request of a command and the request of its last invocation, unless a setting
 * or an observed command gives a longer time. AWS documents no limit: with MaxConcurrency 1, nodes get a command one
 * after another.
 */
export const DEFAULT_SPREAD_MS = 48 * HOUR_MS;

/** People are warned this long before the service forgets something. */
export const FORGETTING_SOON_MS = 72 * HOUR_MS;
