import { DAY_MS, HOUR_MS } from '../../lib/time.ts';

/** How long the service keeps an invocation, from when it was requested: AWS documents 30 days. */
export const RETENTION_MS = 30 * DAY_MS;

/**
 * How long after its command an invocation is assumed to be requested at most, unless a setting or a command that was
 * seen says longer. AWS documents no limit: with MaxConcurrency 1 a command reaches node after node.
 */
export const DEFAULT_SPREAD_MS = 48 * HOUR_MS;

/** So long before the service forgets something, people are warned. */
export const FORGETTING_SOON_MS = 72 * HOUR_MS;
