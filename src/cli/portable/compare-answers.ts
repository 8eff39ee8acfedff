import { cellText, type SqlAnswer } from '../../questions/sql/sql-answer.ts';

/** So many characters of a value are shown. */
const MOST_SHOWN = 60;

/**
 * Says how the answer of the lake differs from that of the archive, as the end of a sentence; undefined if both have the
 * same rows in the same order. Values are compared as JSON has them, so that 2 and 2.0 differ.
 */
export function compareAnswers(archive: SqlAnswer, lake: SqlAnswer): string | undefined {
  if (archive.names.join('\n') !== lake.names.join('\n'))
    return `its columns are ${archive.names.join(', ')} in the archive, and ${lake.names.join(', ')} in the lake`;
  if (archive.rows.length !== lake.rows.length)
    return `it has ${archive.rows.length} rows in the archive, and ${lake.rows.length} in the lake`;
  const at = archive.rows.findIndex((row, n) => !isSame(row, lake.rows[n]));
  if (at < 0) return undefined;
  const inOrder = ({ rows }: SqlAnswer) => rows.map((row) => JSON.stringify(row)).sort();
  const others = inOrder(lake);
  if (inOrder(archive).every((row, n) => row === others[n]))
    return 'it has the same rows in both, but not in the same order';
  const [own = [], other = []] = [archive.rows[at], lake.rows[at]];
  const column = own.findIndex((cell, n) => cell !== other[n]);
  return `row ${at + 1} has in ${archive.names[column]} ${shown(own[column])} in the archive, and ${shown(other[column])} in the lake`;
}

function isSame(row: readonly string[], other: readonly string[] | undefined): boolean {
  return row.every((cell, n) => cell === other?.[n]);
}

function shown(cell = ''): string {
  return cell.length <= MOST_SHOWN ? cell : `${cellText(cell).slice(0, MOST_SHOWN).toWellFormed()}…`;
}
