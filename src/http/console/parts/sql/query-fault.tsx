import { visibleText } from '../../../../lib/text/visible-text.ts';
import type { PlanStep } from '../../../../questions/sql/plan-tree.ts';
import type { SqlPosition } from '../../../../questions/sql/sql-fault.ts';
import { sqlTokens } from '../../../../questions/sql/sql-tokens.ts';
import { Plan } from './query-plan.tsx';

interface Refused {
  sql: string;
  message: string;
  position?: SqlPosition | undefined;
}

/** SQLite's message about a query that it refuses, and the place of the fault in the query. */
export function QueryRefused({ sql, message, position }: Refused) {
  return (
    <section id="result" aria-label="Result">
      <p class="note bad" role="alert" data-offset={position?.offset}>
        {visibleText(message)}
        {position && ` (line ${position.line}, column ${position.column})`}
      </p>
      {position && <FaultyLine sql={sql} position={position} />}
    </section>
  );
}

/** This many characters are shown before the fault, and as many after it. */
const MOST_SHOWN = 200;

/** The line with the fault. The wrong word is marked. */
function FaultyLine({ sql, position: { offset, line, column } }: { sql: string; position: SqlPosition }) {
  const text = sql.split('\n')[line - 1] ?? '';
  const start = column - 1;
  const length = Math.max(1, tokenLengthAt(sql, offset - 1));
  const end = Math.min(text.length, start + length);
  if (end <= start) return null;
  return (
    <pre class="output" tabindex={0}>
      {visibleText(text.slice(Math.max(0, start - MOST_SHOWN), start).toWellFormed())}
      <mark>{visibleText(text.slice(start, Math.min(end, start + MOST_SHOWN)).toWellFormed())}</mark>
      {visibleText(text.slice(end, end + MOST_SHOWN).toWellFormed())}
    </pre>
  );
}

function tokenLengthAt(sql: string, index: number): number {
  for (const { start, end } of sqlTokens(sql)) if (start <= index && index < end) return end - index;
  return 1;
}

/** The message about a query that was stopped at its deadline, and SQLite's plan for the query. */
export function QueryEnded({ message, steps }: { message: string; steps: readonly PlanStep[] }) {
  return (
    <section id="result" aria-label="Result">
      <p class="note bad" role="alert">
        {visibleText(message)}
      </p>
      {steps.length > 0 && <Plan steps={steps} />}
    </section>
  );
}
