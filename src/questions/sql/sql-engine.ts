/** The engines that answer SQL: SQLite over the rows of the archive's file, and DuckDB over sealed and other days. */
export const SQL_ENGINES = ['archive', 'lake'] as const;
export type SqlEngine = (typeof SQL_ENGINES)[number];

/** The engine of a question that names none. */
export const USUAL_ENGINE = 'archive' satisfies SqlEngine;
