/**
 * SQL: how long a step p took, in milliseconds. NULL if a time is missing (the service writes "not yet" as the year 1),
 * or if the step ended before it began: its node's clock was set back, so the duration is unknown. NULL also for a
 * skipped step, which never ran. The view plugin_runs contains the same SQL; a test in test/db checks that.
 */
export const STEP_DURATION_MS = `CASE WHEN p.is_skipped IS NOT 1 AND p.started_at > '1970-01-01T00:00:00.000Z' AND p.finished_at >= p.started_at
		THEN CAST(round((julianday(p.finished_at) - julianday(p.started_at)) * 86400000) AS INTEGER) END`;
