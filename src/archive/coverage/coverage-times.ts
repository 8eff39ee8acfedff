import { HOUR_MS } from '../../lib/time.ts';

/** A collector counts as late this long after the end of what is covered. */
export const OVERDUE_MS = HOUR_MS;
