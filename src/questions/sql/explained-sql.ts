import { sqlTokens } from './sql-tokens.ts';

interface Position {
  offset: number;
  line: number;
  column: number;
}

/**
 * Returns SQL that explains a query without running it. In that SQL, the query begins on a line of its own. If the
 * query itself begins with EXPLAIN, returns the query. `toOwn` converts a position in that SQL, counted from 1, to a
 * position in the query.
 */
export function explainedSql(sql: string, how: 'EXPLAIN' | 'EXPLAIN QUERY PLAN') {
  if (beginsWithExplain(sql)) return { sql, toOwn: (position: Position) => position };
  const prefix = `${how}\n`;
  return {
    sql: prefix + sql,
    toOwn: ({ offset, line, column }: Position) => ({ offset: offset - prefix.length, line: line - 1, column }),
  };
}

function beginsWithExplain(sql: string): boolean {
  for (const { kind, text } of sqlTokens(sql)) {
    if (kind !== 'space' && kind !== 'comment') return text.toLowerCase() === 'explain';
  }
  return false;
}
