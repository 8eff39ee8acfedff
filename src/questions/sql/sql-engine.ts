/** The engines that answer SQL: SQLite over the rows of the archive's file, and DuckDB over sealed and other days. */
export const SQL_ENGINES = ['archive', 'lake'] as const;
export type SqlEngine = (typeof SQL_ENGINES)[number];

/** The engine of a question that names none. */
export const USUAL_ENGINE = 'archive' satisfies SqlEngine;

/** Why a question to the lake is not explained: the end of a sentence that begins with the name of the field. */
export const PLAN_OF_ARCHIVE = 'is only for the engine archive: DuckDB shows no plan here';
