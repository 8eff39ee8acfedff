import { cellText, type SqlAnswer } from './sql-answer.ts';

/** A step of SQLite's plan for a query, with the steps inside it. */
export interface PlanStep {
  detail: string;
  steps: PlanStep[];
}

const INDENT = 2;

/** Returns the plan in an answer to EXPLAIN QUERY PLAN; undefined for any other answer. */
export function planOfAnswer({ names, rows }: Pick<SqlAnswer, 'names' | 'rows'>): PlanStep[] | undefined {
  if (names.join() !== 'id,parent,notused,detail') return undefined;
  const root: PlanStep[] = [];
  const byId = new Map<string, PlanStep>();
  for (const [id = '', parent = '', , detail = ''] of rows) {
    const step = { detail: cellText(detail), steps: [] };
    byId.set(id, step);
    (byId.get(parent)?.steps ?? root).push(step);
  }
  return root;
}

/**
 * Returns the plan from lines that are indented by two spaces per level. The plan of a query that was stopped has this
 * form.
 */
export function planOfLines(lines: readonly string[]): PlanStep[] {
  const root: PlanStep[] = [];
  const open = [root];
  for (const line of lines) {
    const detail = line.trimStart();
    const depth = Math.min((line.length - detail.length) / INDENT, open.length - 1);
    const step: PlanStep = { detail, steps: [] };
    open[Math.floor(depth)]?.push(step);
    open.length = Math.floor(depth) + 1;
    open.push(step.steps);
  }
  return root;
}
