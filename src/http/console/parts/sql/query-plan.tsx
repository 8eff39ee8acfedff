import { visibleText } from '../../../../lib/text/visible-text.ts';
import type { PlanStep } from '../../../../questions/sql/plan-tree.ts';

/** SQLite's plan for a query, as a tree. */
export function Plan({ steps }: { steps: readonly PlanStep[] }) {
  return (
    <div data-plan>
      <h2>Plan</h2>
      <p class="quiet">SCAN reads a whole table or index, SEARCH only the part that it needs.</p>
      <Steps steps={steps} />
    </div>
  );
}

/** A plan, shown instead of a result. */
export function PlanResult({ steps }: { steps: readonly PlanStep[] }) {
  return (
    <section id="result" aria-label="Result">
      <Plan steps={steps} />
    </section>
  );
}

function Steps({ steps }: { steps: readonly PlanStep[] }) {
  return (
    <ul class="plan">
      {steps.map(({ detail, steps: inner }) => (
        <li>
          <code class={detail.startsWith('SCAN') ? 'scan' : undefined}>{visibleText(detail)}</code>
          {inner.length > 0 && <Steps steps={inner} />}
        </li>
      ))}
    </ul>
  );
}
