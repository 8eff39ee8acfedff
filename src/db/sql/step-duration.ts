/**
 * SQL: how long a step p took, in milliseconds. NULL if it lacks a time (the service writes "not yet" as the year 1),
 * or ended before it began: its node's clock was set back, and nobody knows how long it took. NULL for a skipped step,
 * which took no time, not 0 ms. The view plugin_runs has the same words, which test/db checks.
 */
export const STEP_DURATION_MS = `CASE WHEN p.is_skipped IS NOT 1 AND p.started_at > '1970-01-01T00:00:00.000Z' AND p.finished_at >= p.started_at
		THEN CAST(round((julianday(p.finished_at) - julianday(p.started_at)) * 86400000) AS INTEGER) END`;
