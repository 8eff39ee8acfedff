import { visibleText } from '../../lib/text/visible-text.ts';
import { cellText, isNull, numericColumns, type SqlAnswer } from '../../questions/sql/sql-answer.ts';

/** Characters that Markdown would read as markup. An underscore within a word is not markup. */
const MARKUP = /[\\`*[\]<>&|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/**
 * Returns the lines of a table in GitHub's Markdown. Cells are shown as plain text: markup, HTML and links in them have
 * no effect.
 */
export function* markdownLines(answer: SqlAnswer): Generator<string> {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  yield line(answer.names.map(plain));
  yield line(numericColumns(answer).map((isNumeric) => (isNumeric ? '---:' : '---')));
  for (const row of answer.rows) yield line(row.map((cell) => (isNull(cell) ? 'NULL' : plain(cellText(cell)))));
}

function plain(text: string): string {
  return text
    .split(/\r?\n/)
    .map((part) => visibleText(part).replace(MARKUP, '\\$&'))
    .join('<br>');
}
