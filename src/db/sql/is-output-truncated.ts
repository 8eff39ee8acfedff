/**
 * SQL: whether the agent cut an output, for a row o of outputs. The view plugin_runs contains the same SQL; a test in
 * test/db checks that. The agent cuts an output of 2,500 bytes or more (older agents: 2,400), and puts its mark at the
 * end of each stream that it cut. A mark elsewhere, or in a shorter text, was printed by the script. Bytes are
 * compared, because SQL's text functions stop at a NUL.
 */
export const IS_OUTPUT_TRUNCATED = `o.size_bytes >= 2500 OR o.size_bytes >= 2390 AND (
		substr(CAST(o.text AS BLOB), -22) IN (CAST('---Output truncated---' AS BLOB), CAST('---Error truncated----' AS BLOB))
		OR instr(CAST(o.text AS BLOB), CAST('---Output truncated---' || char(10) || '----------ERROR-------' || char(10) AS BLOB)) > 0)`;
