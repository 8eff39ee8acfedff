import { textWidth } from './text-width.ts';
import { wrapText } from './wrap-text.ts';

const GAP = '  ';
const INDENT = '    ';

export interface TableColumn {
  title: string;
  /** Numbers are aligned to the right. */
  isRight: boolean;
  cells: readonly string[];
}

/** A table: the lines of its header, and the lines of each row. */
export interface TableBlocks {
  header: string[];
  rows: string[][];
}

interface Placed extends TableColumn {
  width: number;
}

/**
 * Returns a table of at most `width` columns of a terminal, in which no cell is cut. If a row is too wide for one line,
 * it continues on indented lines. The header is broken at the same columns, so each column is still below its title.
 */
export function tableBlocks(columns: readonly TableColumn[], width: number): TableBlocks {
  const placed = columns.map((column) => ({
    ...column,
    width: Math.max(textWidth(column.title), ...column.cells.map(textWidth)),
  }));
  const bands = bandsOf(placed, width);
  const block = (cellText: (column: Placed) => string) =>
    bands.flatMap((band, i) => linesOf(band, i === 0 ? '' : INDENT, width, cellText));
  const count = columns[0]?.cells.length ?? 0;
  return {
    header: block(({ title }) => title),
    rows: Array.from({ length: count }, (_, row) => block(({ cells }) => cells[row] ?? '')),
  };
}

/** Divides the columns into groups that fit on a line. */
function bandsOf(columns: readonly Placed[], width: number): Placed[][] {
  const bands: Placed[][] = [];
  let left = 0;
  for (const column of columns) {
    const band = bands.at(-1);
    if (band && GAP.length + column.width <= left) {
      band.push(column);
      left -= GAP.length + column.width;
    } else {
      left = width - (band ? INDENT.length : 0) - column.width;
      bands.push([column]);
    }
  }
  return bands;
}

function linesOf(
  band: readonly Placed[],
  indent: string,
  width: number,
  cellText: (column: Placed) => string,
): string[] {
  const [only] = band;
  // A cell that is wider than the terminal has its lines to itself.
  if (band.length === 1 && only && only.width > width - indent.length) {
    const [first = '', ...others] = wrapText(cellText(only), width - INDENT.length);
    return [indent + first, ...others.map((line) => INDENT + line)];
  }
  const cells = band.map((column) => {
    const text = cellText(column);
    const padding = ' '.repeat(Math.max(0, column.width - textWidth(text)));
    return column.isRight ? padding + text : text + padding;
  });
  return [`${indent}${cells.join(GAP)}`.trimEnd()];
}
