interface Statement {
  all(...params: unknown[]): unknown[];
  iterate(...params: unknown[]): IterableIterator<unknown>;
}

/**
 * Returns SQLite's plan for each statement with which `ask` reads the rows of a page, in the order in which they run:
 * one line each, with its steps joined by " + ". Includes only statements that have a limit as a parameter or
 * are read row by row.
 */
export function plansOf<Handle extends { prepare(sql: string): Statement }>(
  sqlite: Handle,
  ask: (sqlite: Handle) => void,
): string[] {
  const plans: string[] = [];
  const explain = (sql: string, params: unknown[]) => {
    const steps = sqlite.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...params);
    plans.push(steps.map((step) => String(new Map(Object.entries(Object(step))).get('detail'))).join(' + '));
  };
  const watched: Handle = Object.assign(Object.create(sqlite), {
    prepare(sql: string) {
      const statement = sqlite.prepare(sql);
      const all = statement.all.bind(statement);
      const iterate = statement.iterate.bind(statement);
      return Object.assign(statement, {
        all(...params: unknown[]) {
          if (/\bLIMIT [?:]/.test(sql)) explain(sql, params);
          return all(...params);
        },
        iterate(...params: unknown[]) {
          explain(sql, params);
          return iterate(...params);
        },
      });
    },
  });
  ask(watched);
  return plans;
}
