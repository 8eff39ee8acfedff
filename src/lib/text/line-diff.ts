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
/** Beyond so many added and removed lines a diff says no more than the two texts do, and costs their product. */
const MOST_EDITS = 1000;

/**
 * Where two texts differ, line by line, with three lines around. Undefined where they have so little in common that it
 * was given up. A last line without its end is followed by "\ No newline at end of file", as in a unified diff.
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
