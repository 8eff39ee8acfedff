/** Questions of people who write reports. Each returns only a few rows, so that mostly the query itself is timed. */
export const ANALYST_QUERIES: Readonly<Record<string, string>> = {
  'status by day of a month': `SELECT substr(requested_at, 1, 10) AS day, status, count(*) AS n FROM invocations
    WHERE requested_at >= '2026-02-01' AND requested_at < '2026-03-01' GROUP BY day, status ORDER BY day, n DESC`,
  'failures by document and week': `SELECT document_name, strftime('%G-W%V', requested_at) AS week, count(*) AS n
    FROM invocations WHERE status = 'Failed' AND status <> 'Success' GROUP BY document_name, week ORDER BY week, n DESC`,
  'slowest steps of a week': `SELECT instance_id, plugin_name, duration_ms FROM plugin_runs
    WHERE requested_at >= '2026-03-01' AND requested_at < '2026-03-08' ORDER BY duration_ms DESC LIMIT 20`,
  'exit codes by document': `SELECT i.document_name, p.response_code, count(*) AS n FROM plugins p
    JOIN invocations i ON i.id = p.invocation_id WHERE p.response_code <> 0 GROUP BY 1, 2 ORDER BY n DESC LIMIT 50`,
  'nodes not patched for a month': `SELECT instance_id, max(requested_at) AS last FROM invocations
    WHERE document_name = 'AWS-RunPatchBaseline' AND status = 'Success' GROUP BY instance_id
    HAVING last < '2026-02-15' ORDER BY last LIMIT 100`,
  'p95 of the steps by document': `SELECT document_name, max(duration_ms) AS p95 FROM
    (SELECT document_name, duration_ms, percent_rank() OVER (PARTITION BY document_name ORDER BY duration_ms) AS rank
       FROM plugin_runs WHERE requested_at >= '2026-03-01' AND requested_at < '2026-03-08' AND duration_ms IS NOT NULL)
    WHERE rank <= 0.95 GROUP BY document_name ORDER BY p95 DESC`,
  'nodes by how often they failed': `SELECT instance_id, count(*) AS runs, sum(status <> 'Success') AS failed
    FROM invocations GROUP BY instance_id ORDER BY failed DESC LIMIT 50`,
  'steps that printed a word': `SELECT p.name, p.status, count(*) AS n FROM outputs_fts f
    JOIN plugins p ON p.output_id = f.rowid WHERE outputs_fts MATCH 'timeout' GROUP BY 1, 2 ORDER BY n DESC`,
  'states that invocations went through': `SELECT status, status_details, count(*) AS n, count(DISTINCT invocation_id) AS of
    FROM revisions GROUP BY 1, 2 ORDER BY n DESC`,
  'busiest hours': `SELECT substr(requested_at, 1, 13) AS hour, count(*) AS n, count(DISTINCT instance_id) AS nodes
    FROM invocations WHERE requested_at >= '2026-01-01' GROUP BY hour ORDER BY n DESC LIMIT 20`,
};
