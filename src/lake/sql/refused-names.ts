import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * Functions that tell what is not the archive (settings, files, the process), that take what DuckDB alone may make, or
 * that write a log.
 */
const REFUSED =
  /^(getenv|current_setting|current_query|getvariable|write_log|nextval|currval|json_serialize_plan|finalize|combine|variant_bytes_to_variant|vector_type|get_block_size|txid_current|current_connection_id|current_query_id|current_transaction_id|ssm_archive_.*|__internal.*|pg_(?!typeof$|size_pretty$).*|inet_.*|.*_privilege|(col|obj|shobj)_description)$/;

/** What a query may read from besides tables: rows that it makes itself. */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['unnest', 'range', 'generate_series', 'generate_subscripts', 'repeat', 'json_each', 'json_tree'],
]);

/** Whether a function of this name is refused in queries. */
export function isRefusedFunction(name: string): boolean {
  return REFUSED.test(name.toLowerCase());
}

/** Whether a query may read rows from a function of this name. */
export function isTableFunction(name: string): boolean {
  return TABLE_FUNCTIONS.has(name.toLowerCase());
}

/** Macros that read what DuckDB tells of itself, such as the text of a view, which names files. */
export async function refusedMacros(connection: DuckDBConnection): Promise<Set<string>> {
  const reader = await connection.runAndReadAll(
    `SELECT DISTINCT function_name FROM duckdb_functions() WHERE internal AND function_type IN ('macro', 'table_macro')
        AND regexp_matches(macro_definition, 'duckdb_|pragma_|pg_catalog|information_schema|current_setting|sqlite_')`,
  );
  return new Set(reader.getRows().map(([name]) => String(name).toLowerCase()));
}
