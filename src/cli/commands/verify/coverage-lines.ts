import type { PackCoverage } from '../../../archive/evidence/coverage/state-pack-coverage.ts';

/** Shows at most one screen of lines. Spans that are not complete come first. */
const MOST_LINES = 30;

/** Returns the coverage that a pack states, as lines for a terminal. */
export function coverageLines({ statement }: PackCoverage, indent: number): string[] {
  const more = statement.length - MOST_LINES;
  const shown = [
    ...statement.slice(0, MOST_LINES),
    ...(more > 0 ? [`and ${more} lines more: --json and index.html have them`] : []),
  ];
  return shown.map((line, n) => `${(n === 0 ? 'Coverage' : '').padEnd(indent)}${line}`);
}
