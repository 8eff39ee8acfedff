/**
 * Questions that mean the same in SQLite, DuckDB, ClickHouse, Spark and Trino, letter by letter. None uses what differs
 * between them: LIKE, an order of NULLs, a division, a function that counts characters.
 */
export const PORTABLE_QUESTIONS: Readonly<Record<string, string>> = {
  'how many runs there were by day, document and status': `
    SELECT day, document_name, status, count(*) AS runs FROM invocations
     GROUP BY day, document_name, status ORDER BY day, document_name, status`,
  'which documents fail, and how often': `
    SELECT document_name, count(*) AS runs, sum(CASE WHEN status = 'Failed' THEN 1 ELSE 0 END) AS failed
      FROM invocations WHERE day >= '2026-03-02' GROUP BY document_name ORDER BY failed DESC, document_name`,
  'the runs of one node, the newest first': `
    SELECT requested_at, command_id, document_name, status, comment FROM invocations
     WHERE instance_id = 'i-3' AND day BETWEEN '2026-03-01' AND '2026-03-02' ORDER BY requested_at DESC, id DESC`,
  'one command with what it printed': `
    SELECT i.instance_id, p.position, p.name, p.response_code, p.output
      FROM invocations i LEFT JOIN plugins p ON p.invocation_id = i.id AND p.day = i.day
     WHERE i.command_id = '00000002-2222-4333-8444-555555555555' ORDER BY i.id, coalesce(p.position, -1)`,
  'which steps printed a word, in this case': `
    SELECT day, invocation_id, position, output FROM plugins
     WHERE replace(output, 'ERROR', '') <> output ORDER BY invocation_id, position`,
  'which steps end with which code, and the largest': `
    SELECT status, count(*) AS steps, count(response_code) AS ended, min(response_code) AS least,
           max(response_code) AS most FROM plugins GROUP BY status ORDER BY status`,
  'which steps had not begun when they were last seen': `
    SELECT invocation_id, position FROM plugins WHERE started_at = '0001-01-01T00:00:00.000Z'
     ORDER BY invocation_id, position`,
  'which nodes never failed to run a document': `
    SELECT DISTINCT instance_id FROM invocations WHERE instance_id NOT IN (
      SELECT instance_id FROM invocations WHERE document_name = 'Acme-O''Brien' AND status = 'Failed' AND day = '2026-03-01')
     ORDER BY instance_id`,
  'the last run of each node': `
    SELECT instance_id, id, requested_at, status FROM (
      SELECT instance_id, id, requested_at, status,
             row_number() OVER (PARTITION BY instance_id ORDER BY requested_at DESC, id DESC) AS place
        FROM invocations) AS placed
     WHERE place = 1 ORDER BY instance_id`,
  'how many nodes and commands there are in each hour': `
    SELECT substr(requested_at, 1, 13) AS hour, count(DISTINCT instance_id) AS nodes,
           count(DISTINCT command_id) AS commands, min(requested_at) AS earliest FROM invocations
     GROUP BY substr(requested_at, 1, 13) ORDER BY hour`,
  'which outputs several nodes have in common': `
    SELECT output, count(DISTINCT instance_id) AS nodes FROM plugins WHERE output IS NOT NULL
     GROUP BY output HAVING count(DISTINCT instance_id) > 1 ORDER BY nodes DESC, output`,
  'which runs have no name of a node, and which have an odd one': `
    SELECT id, coalesce(instance_name, 'nobody') AS name FROM invocations
     WHERE instance_name IS NULL OR instance_name IN ('', ' ', 'NULL', '007', '2026-03-01') ORDER BY id`,
  'which runs were seen in several states': `
    SELECT invocation_id, count(*) AS states, max(seq) AS last FROM revisions
     GROUP BY invocation_id HAVING count(*) > 1 ORDER BY invocation_id`,
  'who sent what': `
    SELECT c.command_id, c.principal_arn, c.parameters_json, count(i.id) AS runs
      FROM commands c JOIN invocations i ON i.command_id = c.command_id
     WHERE c.month = '2026-03' GROUP BY c.command_id, c.principal_arn, c.parameters_json ORDER BY c.command_id`,
  'what was fetched in full': `
    SELECT invocation_id, stream, sha256, size_bytes, total_bytes, output FROM full_outputs
     ORDER BY invocation_id, stream`,
  'which nodes ran in which accounts, and how often': `
    SELECT instance_id, account_id, count(*) AS runs, min(id) AS first, max(id) AS last FROM invocations
     GROUP BY instance_id, account_id ORDER BY instance_id, account_id`,
};
