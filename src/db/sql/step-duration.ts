/**
 * How long a step p took, in milliseconds: NULL where it has not both of its times (the service's "not yet" is the year 1), and where it
 * ended before it began, since the clock of its node was set back meanwhile and nobody knows how long it took. A step that was skipped
 * took no time, not 0 ms. The view plugin_runs has the same words, and test/db holds it to them.
 */
export const STEP_DURATION_MS = `CASE WHEN p.is_skipped IS NOT 1 AND p.started_at > '1970-01-01T00:00:00.000Z' AND p.finished_at >= p.started_at
		THEN CAST(round((julianday(p.finished_at) - julianday(p.started_at)) * 86400000) AS INTEGER) END`;
