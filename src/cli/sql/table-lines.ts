import { cellText, isNull, numericColumns, type SqlAnswer } from '../../lib/sql-answer.ts';
import { visibleText } from '../../lib/visible-text.ts';
import { joined, type Line, type StyledLine, styled, withoutEnd } from '../line.ts';
import { fitText, textWidth } from '../text-width.ts';
import { fitColumns } from './fit-columns.ts';

/** Where nothing bounds a line, cells are whole, and those that are wider than this push aside what follows. */
const MOST_PADDED = 100;
/** No more of a text is measured than can be padded. */
const MOST_MEASURED = 1000;

/** Of a long text, so much is looked at for each column of the terminal. */
const UNITS_PER_COLUMN = 8;

const GAP = '  ';

interface Cell {
  text: string;
  width: number;
  isNull: boolean;
}

/**
 * The lines of a table: a header, a rule, and a line a row, within the terminal's width; where its columns have no room
 * there, each row is a block of a line a column. Nothing in a cell reaches the terminal but what is seen.
 */
export function* tableLines(answer: SqlAnswer, outWidth: number): Generator<Line> {
  const isBounded = Number.isFinite(outWidth);
  const most = isBounded ? outWidth : MOST_MEASURED;
  const shown = (text: string): Cell => {
    const near = isBounded ? text.slice(0, outWidth * UNITS_PER_COLUMN) : text;
    const seen = visibleText(near) + (near.length < text.length ? '…' : '');
    const width = seen.length > MOST_MEASURED * 2 ? most : textWidth(seen);
    return { text: seen, width: Math.min(width, most), isNull: false };
  };
  const header = answer.names.map(shown);
  const rows = answer.rows.map((row) =>
    row.map((cell): Cell => (isNull(cell) ? { text: 'NULL', width: 4, isNull: true } : shown(cellText(cell)))),
  );
  const isNumeric = numericColumns(answer);
  const needs = header.map(({ width }, i) => ({
    width: rows.reduce((widest, row) => Math.max(widest, row[i]?.width ?? 0), width),
    isRigid: isNumeric[i] === true,
  }));
  const widths = isBounded ? fitColumns(needs, outWidth) : needs.map(({ width }) => Math.min(width, MOST_PADDED));
  const set = (cell: Cell, width: number, isRight: boolean): StyledLine => {
    const text = isBounded ? fitText(cell.text, width) : cell.text;
    const padding = ' '.repeat(Math.max(0, width - (text === cell.text ? cell.width : textWidth(text))));
    const seen = cell.isNull ? styled('dim', text) : text;
    return isRight ? joined(padding, seen) : joined(seen, padding);
  };

  if (widths) {
    const line = (cells: readonly Cell[]) =>
      withoutEnd(
        joined(...cells.flatMap((cell, i) => [i > 0 ? GAP : '', set(cell, widths[i] ?? 0, isNumeric[i] === true)])),
      );
    yield styled('bold', line(header));
    yield widths.map((width) => '─'.repeat(width)).join('  ');
    for (const row of rows) yield line(row);
    return;
  }
  const nameWidth = Math.min(Math.max(...header.map(({ width }) => width)), Math.floor(outWidth / 2));
  for (const [n, row] of rows.entries()) {
    yield styled('dim', `── ${n + 1} `.padEnd(Math.min(outWidth, 40), '─'));
    for (const [i, cell] of row.entries()) {
      const name = header[i] ?? { text: '', width: 0, isNull: false };
      const value = set(cell, Math.max(1, outWidth - nameWidth - GAP.length), false);
      yield withoutEnd(joined(set(name, nameWidth, false), GAP, value));
    }
  }
}
