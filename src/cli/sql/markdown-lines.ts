import { visibleText } from '../../lib/text/visible-text.ts';
import { cellText, isNull, numericColumns, type SqlAnswer } from '../../questions/sql/sql-answer.ts';

/** What Markdown would take for more than text; an underscore within a word is none of that. */
const MARKUP = /[\\`*[\]<>&|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/** The lines of a table in GitHub's Markdown. Cells are text in it: no markup, HTML or link of theirs counts. */
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
