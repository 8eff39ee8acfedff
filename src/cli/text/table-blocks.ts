import { textWidth } from './text-width.ts';
import { wrapText } from './wrap-text.ts';

const GAP = '  ';
const INDENT = '    ';

export interface TableColumn {
  title: string;
  /** Numbers stand to the right. */
  isRight: boolean;
  cells: readonly string[];
}

/** A table: the lines of its header, and those of each row. */
export interface TableBlocks {
  header: string[];
  rows: string[][];
}

interface Placed extends TableColumn {
  width: number;
}

/**
 * A table within so many columns of a terminal, without a cell that is cut: a line a row where there is room, and else as many as it takes, all
 * but the first of them indented. The header is broken as the rows are, so that each column still stands below its title.
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

/** The columns by the lines that they have room on. */
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
  // Nothing stands beside what is wider than the terminal.
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
