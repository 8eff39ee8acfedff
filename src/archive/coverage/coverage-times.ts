import { HOUR_MS } from '../../lib/time.ts';

/** A collector counts as late if the end of what is covered is older than this. */
export const OVERDUE_MS = HOUR_MS;
