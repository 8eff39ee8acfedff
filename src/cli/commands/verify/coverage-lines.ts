import type { PackCoverage } from '../../../archive/evidence/coverage/state-pack-coverage.ts';

/** At most one screen. What is not complete comes first. */
const MOST_LINES = 30;

/** The coverage that a pack states, for a terminal. */
export function coverageLines({ statement }: PackCoverage, indent: number): string[] {
  const more = statement.length - MOST_LINES;
  const shown = [
    ...statement.slice(0, MOST_LINES),
    ...(more > 0 ? [`and ${more} lines more: --json has them, and index.html`] : []),
  ];
  return shown.map((line, n) => `${(n === 0 ? 'Coverage' : '').padEnd(indent)}${line}`);
}
