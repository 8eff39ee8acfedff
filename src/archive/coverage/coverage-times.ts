import { HOUR_MS } from '../../lib/time.ts';

/** How long after what is covered a collector counts as late. */
export const OVERDUE_MS = HOUR_MS;
