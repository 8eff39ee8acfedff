import { visibleText } from '../../lib/text/visible-text.ts';
import { cellText, isNull, numericColumns, type SqlAnswer } from '../../questions/sql/sql-answer.ts';
import { joined, type Line, type StyledLine, styled, withoutEnd } from '../text/line.ts';
import { fitText, textWidth } from '../text/text-width.ts';
import { wrapText } from '../text/wrap-text.ts';

/**
 * Cells are padded to at most this many columns if lines may have any length. A wider cell is written whole, and moves
 * the cells after it to the right.
 */
const MOST_PADDED = 100;
/** A text is measured only up to the width to which cells are padded. */
const MOST_MEASURED = 1000;

/** In a long text, only this many characters are looked at for each column of the terminal. */
const UNITS_PER_COLUMN = 8;

const GAP = '  ';

interface Cell {
  text: string;
  width: number;
  isNull: boolean;
}

/**
 * Returns the lines of a table: a header, a rule, and a line for each row. If rows are wider than the terminal, each
 * row becomes a block in which each cell takes as many lines as it needs. No cell is cut, and invisible characters are
 * made visible.
 */
export function* tableLines(answer: SqlAnswer, outWidth: number): Generator<Line> {
  const isBounded = Number.isFinite(outWidth);
  // Measuring stops at one column more than the terminal has: the row is too wide then.
  const most = isBounded ? outWidth + 1 : MOST_MEASURED;
  const shown = (text: string): Cell => {
    const near = isBounded ? text.slice(0, outWidth * UNITS_PER_COLUMN) : text;
    const seen = visibleText(near);
    const isLong = near.length < text.length || seen.length > MOST_MEASURED * 2;
    return { text: seen, width: isLong ? most : Math.min(textWidth(seen), most), isNull: false };
  };
  const header = answer.names.map(shown);
  const rows = answer.rows.map((row) =>
    row.map((cell): Cell => (isNull(cell) ? { text: 'NULL', width: 4, isNull: true } : shown(cellText(cell)))),
  );
  const isNumeric = numericColumns(answer);
  const needs = header.map(({ width }, i) => rows.reduce((widest, row) => Math.max(widest, row[i]?.width ?? 0), width));
  const whole = needs.reduce((sum, width) => sum + width, 0) + GAP.length * (needs.length - 1);
  if (isBounded && whole > outWidth) {
    yield* blockLines(answer, header, outWidth);
    return;
  }
  const widths = needs.map((width) => Math.min(width, isBounded ? width : MOST_PADDED));
  const set = (cell: Cell, width: number, isRight: boolean): StyledLine => {
    const padding = ' '.repeat(Math.max(0, width - cell.width));
    const seen = cell.isNull ? styled('dim', cell.text) : cell.text;
    return isRight ? joined(padding, seen) : joined(seen, padding);
  };
  const line = (cells: readonly Cell[]) =>
    withoutEnd(
      joined(...cells.flatMap((cell, i) => [i > 0 ? GAP : '', set(cell, widths[i] ?? 0, isNumeric[i] === true)])),
    );
  yield styled('bold', line(header));
  yield widths.map((width) => '─'.repeat(width)).join(GAP);
  for (const row of rows) yield line(row);
}

/** Returns a block for each row: the name of each column, followed by the whole cell. */
function* blockLines({ rows }: SqlAnswer, header: readonly Cell[], outWidth: number): Generator<Line> {
  const nameWidth = Math.min(Math.max(...header.map(({ width }) => width)), Math.floor(outWidth / 2));
  const room = outWidth - nameWidth - GAP.length;
  const names = header.map(({ text }) => {
    const name = fitText(text, nameWidth);
    return name + ' '.repeat(Math.max(0, nameWidth - textWidth(name)));
  });
  for (const [n, row] of rows.entries()) {
    yield styled('dim', `── ${n + 1} `.padEnd(Math.min(outWidth, 40), '─'));
    for (const [i, cell] of row.entries()) {
      const lines = isNull(cell) ? [styled('dim', 'NULL')] : wrapText(visibleText(cellText(cell)), room);
      for (const [part, text] of lines.entries())
        yield withoutEnd(joined(part === 0 ? (names[i] ?? '') : ' '.repeat(nameWidth), GAP, text));
    }
  }
}
