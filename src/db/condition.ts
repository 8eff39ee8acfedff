/** A condition in SQL, with its parameters in order. */
export interface Condition {
  sql: string;
  params: readonly (string | number)[];
}

/** Joins conditions with AND. Without conditions, the result is always true. */
export function joined(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.length > 0 ? conditions.map(({ sql }) => sql).join(' AND ') : 'true',
    params: conditions.flatMap(({ params }) => params),
  };
}
