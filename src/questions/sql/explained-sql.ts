import { sqlTokens } from './sql-tokens.ts';

interface Position {
  offset: number;
  line: number;
  column: number;
}

/**
 * SQL that has a query explained rather than run, the query on lines of its own; the query itself where it begins with
 * EXPLAIN. `toOwn` takes a position in it, from 1, to the query's own text.
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
