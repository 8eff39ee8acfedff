import { structuredPatch } from 'diff';

/** A place where two texts differ, as in a unified diff: lines count from 1; each line begins with " ", "-" or "+". */
export interface Hunk {
  leftStart: number;
  leftLines: number;
  rightStart: number;
  rightLines: number;
  lines: string[];
}

const CONTEXT_LINES = 3;
/**
 * With more added and removed lines than this, a diff is no clearer than the two texts themselves. The time for it
 * grows with the product of the two texts' lengths.
 */
const MOST_EDITS = 1000;

/**
 * Returns the places where two texts differ, line by line, each with three lines around it. Undefined if the texts have
 * so little in common that the search was given up. A last line without a line end is followed by "\ No newline at end
 * of file", as in a unified diff.
 */
export function lineDiff(left: string, right: string): Hunk[] | undefined {
  if (left === right) return [];
  const patch = structuredPatch('', '', left, right, undefined, undefined, {
    context: CONTEXT_LINES,
    maxEditLength: MOST_EDITS,
  });
  return patch?.hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
    leftStart: oldStart,
    leftLines: oldLines,
    rightStart: newStart,
    rightLines: newLines,
    lines,
  }));
}
