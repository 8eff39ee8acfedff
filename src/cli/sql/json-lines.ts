import { visibleJson } from '../../lib/text/visible-text.ts';
import { distinctNames } from '../../questions/sql/distinct-names.ts';
import type { SqlAnswer } from '../../questions/sql/sql-answer.ts';

/**
 * Returns the lines of a JSON array. Each row is an object on a line of its own. The names are the same as in NDJSON.
 */
export function* jsonLines({ names, rows }: SqlAnswer): Generator<string> {
  const keys = distinctNames(names).map((name) => JSON.stringify(name));
  if (rows.length === 0) yield '[]';
  for (const [n, row] of rows.entries()) {
    const members = row.map((cell, i) => `${keys[i]}:${cell}`).join(',');
    yield visibleJson(`${n === 0 ? '[' : ' '}{${members}}${n === rows.length - 1 ? ']' : ','}`);
  }
}
