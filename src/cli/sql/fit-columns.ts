const GAP = 2;
/** With less than this, no column of text says anything. */
const LEAST = 8;

export interface ColumnNeed {
  width: number;
  /** Whether a cut would take its sense: digits of a number. */
  isRigid: boolean;
}

/**
 * How wide each column may be so that a line takes at most `room` columns of a terminal: the widest give way first, and
 * all of them to the same width. Undefined where there is no room for that many.
 */
export function fitColumns(needs: readonly ColumnNeed[], room: number): number[] | undefined {
  const whole = needs.map(({ width }) => width);
  const isSoft = ({ width, isRigid }: ColumnNeed) => !isRigid && width > LEAST;
  const soft = needs.filter(isSoft).map(({ width }) => width);
  const rigid = needs.reduce((sum, need) => sum + (isSoft(need) ? 0 : need.width), 0);
  let left = room - GAP * (needs.length - 1) - rigid;
  if (soft.reduce((sum, width) => sum + width, 0) <= left) return left < 0 ? undefined : whole;
  let cap = 0;
  for (const [i, width] of soft.sort((a, b) => a - b).entries()) {
    cap = Math.floor(left / (soft.length - i));
    if (width > cap) break;
    left -= width;
  }
  if (cap < LEAST) return undefined;
  return needs.map((need) => (isSoft(need) ? Math.min(need.width, cap) : need.width));
}
