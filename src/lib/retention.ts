import { DAY_MS, HOUR_MS } from './time.ts';

/** How long the service keeps an invocation, from when it was requested: AWS documents 30 days. */
export const RETENTION_MS = 30 * DAY_MS;

/** So long before the service forgets something, people are warned. */
export const FORGETTING_SOON_MS = 72 * HOUR_MS;
