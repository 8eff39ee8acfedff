/** Functions of DuckDB that a query may not call. */
export interface RefusedFunctions {
  /** Their names in lower case; `*` at the end stands for any letters. */
  names: string;
  /** What they do: goes on after the name of one. */
  why: string;
  /** What to write instead: a sentence. */
  instead: string;
}

/** Functions that are called in expressions. */
export const REFUSED_FUNCTIONS: readonly RefusedFunctions[] = [
  {
    names: 'current_user session_user user current_role has_* pg_has_role',
    why: 'tells about a user of DuckDB, who is nobody that the archive knows',
    instead: 'The table command_senders says who sent a command.',
  },
  {
    names: 'current_database current_catalog current_schema current_schemas in_search_path',
    why: 'tells how DuckDB names what this process reads',
    instead: 'GET /v1/sql/schema?engine=lake lists the tables.',
  },
  {
    names: 'current_setting getvariable getenv version get_block_size pg_* inet_*',
    why: 'tells about the process and its settings, and not about the archive',
    instead:
      'The page docs/sql.md says under which settings a query runs; typeof(x) and format_bytes(n) may be called.',
  },
  {
    names:
      'current_query current_query_id current_connection_id current_transaction_id txid_current parse_duckdb_log_message write_log',
    why: 'reads or writes what DuckDB notes about queries',
    instead: 'The access log of the server says who asked what.',
  },
  {
    names: 'col_description obj_description shobj_description format_type format_pg_type map_to_pg_oid',
    why: 'tells about the catalog of DuckDB',
    instead: 'GET /v1/sql/schema?engine=lake describes the tables and columns.',
  },
  {
    names: 'stats vector_type alias',
    why: 'tells how DuckDB runs this query',
    instead: 'min(x), max(x) and count(x) say what a column has, and AS gives a column a name.',
  },
  {
    names: 'sleep_ms pg_sleep',
    why: 'only waits, and other queries wait for its process',
    instead: 'Ask again later.',
  },
  {
    names: 'nextval currval',
    why: 'counts on in a sequence, and there are none',
    instead: 'row_number() OVER (ORDER BY …) numbers the rows.',
  },
  {
    names: 'setseed',
    why: 'changes what the queries of others get from random()',
    instead: 'hash(id) % 100 = 0 takes the same part of the rows each time.',
  },
  {
    names: 'json_serialize_sql json_serialize_plan json_deserialize_sql json_execute_serialized_sql',
    why: 'takes SQL as a value',
    instead: 'Write the query itself.',
  },
  {
    names: 'list_aggregate list_aggr array_aggregate array_aggr aggregate',
    why: 'calls a function that is named by a text',
    instead: 'Write list_sum(l), list_avg(l), list_max(l), …, or an aggregate over unnest(l).',
  },
  {
    names: 'icu_collate_* icu_sort_key create_sort_key timetz_byte_comparable',
    why: 'makes bytes to sort by',
    instead: 'ORDER BY x COLLATE de sorts as a language does.',
  },
  {
    names: 'cast_to_type can_cast_implicitly get_type make_type replace_type remap_struct enum_*',
    why: 'works on types of DuckDB, and the archive has text and whole numbers alone',
    instead: 'CAST(x AS …) changes the type of a value, and typeof(x) is its name.',
  },
  {
    names: 'variant_*',
    why: 'works on a type of DuckDB that nothing in the archive has',
    instead: "JSON has its own: x ->> '$.member'.",
  },
  {
    names: 'st_*',
    why: 'works on places on a map, and the archive has none',
    instead: 'The columns account_id and region say where something ran.',
  },
  {
    names: 'combine finalize constant_or_null is_histogram_other_bin sum_no_overflow unpivot_list __internal_*',
    why: 'is for DuckDB itself, which puts it into the plans of queries',
    instead: 'Write the expression or the aggregate that you mean.',
  },
  {
    names: 'ssm_archive_*',
    why: 'is a part of another function',
    instead: 'Write contains_text, decode_text or local_time.',
  },
];

/** Functions that stand in FROM. */
export const REFUSED_TABLE_FUNCTIONS: readonly RefusedFunctions[] = [
  {
    names: 'read_* parquet_* glob sniff_csv arrow_scan arrow_scan_dumb seq_scan',
    why: 'reads files or memory',
    instead: 'The tables of docs/sql.md have all that there is to read.',
  },
  {
    names: 'duckdb_* pragma_* icu_calendar_names pg_timezone_names which_secret sql_auto_complete',
    why: 'tells about DuckDB and its files, and not about the archive',
    instead: 'GET /v1/sql/schema?engine=lake lists the tables and columns.',
  },
  {
    names: 'query query_table json_execute_serialized_sql',
    why: 'takes SQL, or the name of a table, as a text',
    instead: 'Write the query, or the table, itself.',
  },
  {
    names: 'histogram histogram_values summary',
    why: 'reads a table that is named by a text, or only repeats its rows',
    instead: 'SELECT histogram(x) FROM … is an aggregate.',
  },
  {
    names:
      'checkpoint force_checkpoint enable_* disable_* truncate_duckdb_logs check_peg_parser test_all_types test_vector_types',
    why: 'changes or tests DuckDB itself',
    instead: 'A query only reads.',
  },
];

/**
 * Names that SQL takes for functions without brackets, among those that are refused. DuckDB does so if no column has
 * the name.
 */
export const REFUSED_BARE_NAMES: ReadonlySet<string> = new Set([
  ...['current_catalog', 'current_role', 'current_schema', 'current_user', 'session_user', 'user'],
]);

/** What SQLite calls otherwise, or has alone: what to write instead. */
export const FUNCTIONS_OF_SQLITE: Readonly<Record<string, string>> = {
  ...{ iif: 'Write CASE WHEN … THEN … ELSE … END.', total: 'Write coalesce(sum(x), 0.0).' },
  ...{ char: 'Write chr(n).', glob: "Write x GLOB '…'.", quote: "Write '''' || replace(x, '''', '''''') || ''''." },
  julianday: 'For a difference, write epoch_ms(CAST(b AS TIMESTAMP)) - epoch_ms(CAST(a AS TIMESTAMP)).',
  unixepoch: 'Write epoch(CAST(x AS TIMESTAMP)).',
  datetime: 'Write CAST(x AS TIMESTAMP).',
  ...{ json_patch: 'Write json_merge_patch(a, b).', percentile: 'Write quantile_cont(x, 0.5).' },
  ...{ likely: 'Write the condition alone.', unlikely: 'Write the condition alone.' },
  ...{ snippet: 'The lake has no outputs_fts: write contains_text(output, …).' },
  ...{ highlight: 'The lake has no outputs_fts: write contains_text(output, …).' },
};
