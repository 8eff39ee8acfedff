import { createRowReader, type StoredRow } from './member-row.ts';
import { INVOCATION_MEMBERS, STEP_MEMBERS } from './members.ts';
import { asMembers, type Members } from './read-member.ts';

/** A step's columns. The caller chooses the form of the output. */
export interface StepColumns<Output> extends StoredRow<typeof STEP_MEMBERS> {
  output: Output;
}

/** An invocation's columns, with its steps in the service's order. */
export interface InvocationColumns<Output> extends StoredRow<typeof INVOCATION_MEMBERS> {
  plugins: StepColumns<Output>[];
}

const readInvocation = createRowReader(INVOCATION_MEMBERS);
const readStep = createRowReader(STEP_MEMBERS);

/**
 * Returns an element of CommandInvocations in the archive's columns. Members of an unexpected type become null.
 * `readOutput` receives each step's Output as it is in the element: a text in a reply, a digest in a stored state.
 */
export function normalizeInvocation<Output>(
  members: Members,
  readOutput: (value: unknown) => Output,
): InvocationColumns<Output> {
  const raws: unknown[] = Array.isArray(members.CommandPlugins) ? members.CommandPlugins : [];
  const plugins = raws.map((raw) => {
    const step = asMembers(raw) ?? {};
    return Object.assign(readStep(step), { output: readOutput(step[STEP_MEMBERS.output.aws]) });
  });
  return Object.assign(readInvocation(members), { plugins });
}
