import type { Comparison } from '../../../archive/invocations/compare-invocations.ts';
import type { InvocationKey } from '../../../archive/invocations/get-invocation.ts';
import type { InvocationView } from '../../../archive/invocations/invocation-view.ts';
import { FieldChanges } from '../parts/outputs/field-changes.tsx';
import { OutputDiff } from '../parts/outputs/output-diff.tsx';
import { OutputText } from '../parts/outputs/output-text.tsx';
import { keyText, pathOfComparison, pathOfInvocation } from '../parts/values/paths.ts';
import { Status, Text, Time } from '../parts/values/values.tsx';

/** The typed texts of the form, and their faults. */
export interface CompareForm {
  left: string;
  right: string;
  faults: { left?: string; right?: string };
}

export interface CompareContent {
  form: CompareForm;
  found?: { left: InvocationView; right: InvocationView; comparison: Comparison } | undefined;
}

/** `/compare`: two runs side by side. */
export function ComparePage({ form, found }: CompareContent) {
  return (
    <>
      <h1>Compare two runs</h1>
      {found && <Found {...found} />}
      <h2>{found ? 'Other runs' : 'Which runs'}</h2>
      <form class="filters" method="get" action="/compare">
        <KeyField name="left" label="Left: account/region/command/node" value={form.left} fault={form.faults.left} />
        <KeyField
          name="right"
          label="Right: in the same form, or “previous” for the run before the left one"
          value={form.right}
          fault={form.faults.right}
        />
        <button class="main" type="submit">
          Compare
        </button>
      </form>
      {!found && (
        <p class="quiet">
          An invocation’s page has a link to compare it with each run that it shows, so that you need not type anything.
        </p>
      )}
    </>
  );
}

function KeyField(props: { name: 'left' | 'right'; label: string; value: string; fault: string | undefined }) {
  const { name, label, value, fault } = props;
  return (
    <label>
      {label}
      <input
        name={name}
        value={value}
        required
        autocomplete="off"
        spellcheck={false}
        aria-invalid={fault === undefined ? undefined : 'true'}
        aria-describedby={fault === undefined ? undefined : `fault-${name}`}
      />
      {fault !== undefined && (
        <span class="fault" id={`fault-${name}`}>
          {fault}
        </span>
      )}
    </label>
  );
}

function Found({ left, right, comparison }: NonNullable<CompareContent['found']>) {
  const { fields, outputs } = comparison;
  return (
    <>
      <div class="columns">
        <Side title="Left" run={left} />
        <Side title="Right" run={right} />
      </div>
      <p class="bar">
        <a href={pathOfComparison(right, left)}>Swap sides</a>
        <a href={`/v1/compare?${new URLSearchParams({ left: keyText(left), right: keyText(right) })}`}>JSON</a>
      </p>
      <h2>What differs</h2>
      {fields.length === 0 ? (
        <p>The service says the same of both.</p>
      ) : (
        <FieldChanges changes={fields} left="Left" right="Right" />
      )}
      <h2>What they printed</h2>
      {outputs.length === 0 && <p class="quiet">Neither has steps.</p>}
      {outputs.map(({ position, name, isSame, isCut, hunks }) => (
        <section>
          <h3>
            {position + 1}. <Text of={name} />
          </h3>
          {isSame && <p class="quiet">The same on both sides.</p>}
          {!isSame && !isCut && <OutputDiff hunks={hunks} />}
          {!isSame && isCut && (
            <div class="columns">
              <OutputText text={outputOf(left, position)} />
              <OutputText text={outputOf(right, position)} />
            </div>
          )}
        </section>
      ))}
    </>
  );
}

function outputOf({ plugins = [] }: InvocationView, position: number): string {
  return plugins[position]?.output ?? '';
}

function Side({ title, run }: { title: string; run: InvocationView & InvocationKey }) {
  return (
    <section>
      <h2>{title}</h2>
      <dl class="facts">
        <dt>Run</dt>
        <dd>
          <a href={pathOfInvocation(run)}>
            <Text of={run.documentName} /> on <Text of={run.instanceId} />
          </a>
        </dd>
        <dt>Status</dt>
        <dd>
          <Status status={run.status} details={run.statusDetails} />
        </dd>
        <dt>Requested</dt>
        <dd>
          <Time at={run.requestedAt} />
        </dd>
        <dt>Account, region</dt>
        <dd>
          <Text of={run.accountId} /> <Text of={run.region} />
        </dd>
      </dl>
    </section>
  );
}
