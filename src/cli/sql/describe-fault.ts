import { visibleText } from '../../lib/text/visible-text.ts';
import type { SqlFault } from '../../questions/sql/sql-fault.ts';
import { fitText, textWidth } from '../text/text-width.ts';

const INDENT = '  ';
const PARAMS_HINT = 'Give :name by --param name=value, and ? by --param 1=value.';

/**
 * Returns lines that say what is wrong with a query: the message, then the faulty line of the query, with a caret below
 * the place.
 */
export function describeFault(sql: string, { message, data: { kind, position } }: SqlFault, width: number): string[] {
  if (kind === 'params') return [`${message} ${PARAMS_HINT}`];
  if (!position) return [message];
  const { line, column } = position;
  const text = (sql.split('\n')[line - 1] ?? '').replace(/\r$/, '').replaceAll('\t', ' ');
  const room = Math.max(20, width - INDENT.length);
  let before = visibleText(text.slice(0, column - 1));
  if (textWidth(before) > room * 0.7) before = `…${[...before].slice(-Math.floor(room / 3)).join('')}`;
  const indent = textWidth(before);
  return [
    `${message} (line ${line}, column ${column})`,
    INDENT + before + fitText(visibleText(text.slice(column - 1)), Math.max(1, room - indent)),
    `${INDENT}${' '.repeat(indent)}^`,
  ];
}

/** Returns lines that show how SQLite ran a query that took too long. */
export function describePlan(plan: readonly string[]): string[] {
  return [
    'The plan of the query (SCAN goes through a whole table, SEARCH does not):',
    ...plan.map((line) => INDENT + line),
  ];
}
