/**
 * Whether the agent cut an output, over a row o of outputs. The view plugin_runs has the same words, and test/db holds it to them.
 * The agent cuts what has 2,500 bytes or more (older agents: 2,400), and puts its mark at the end of each stream that it cut. A mark
 * elsewhere, or in a shorter text, is something that the script printed. Bytes are compared: SQL's functions of text end at a NUL.
 */
export const IS_OUTPUT_TRUNCATED = `o.size_bytes >= 2500 OR o.size_bytes >= 2390 AND (
		substr(CAST(o.text AS BLOB), -22) IN (CAST('---Output truncated---' AS BLOB), CAST('---Error truncated----' AS BLOB))
		OR instr(CAST(o.text AS BLOB), CAST('---Output truncated---' || char(10) || '----------ERROR-------' || char(10) AS BLOB)) > 0)`;
