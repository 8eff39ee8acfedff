/**
 * Queries reach their process as JSON, which has only one kind of number. These forms say whether a number is INTEGER
 * or REAL, where that matters.
 */
export type ExactNumber = { integer: string } | { real: number };
export type SqlValue = string | number | boolean | null | ExactNumber;
/** Values by place, or by name with or without the `:`, `@`, `$` or `#` before it. */
export type SqlParams = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;
