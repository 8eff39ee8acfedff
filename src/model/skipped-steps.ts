/**
 * The only list of the texts that the agent writes as the whole output of a step that it did not run: the first words,
 * and the last words if the document's author chose the text between them. The agent reports such a step as Skipped,
 * but the service shows Success with response code 0. Only these words distinguish it from a step that ran.
 * src/db/sql/skipped-sql.ts makes the SQL from this list.
 */
export const SKIP_MESSAGES: readonly { start: string; end?: string }[] = [
  { start: 'Step execution skipped due to unsatisfied preconditions: ' },
  { start: 'Step execution skipped due to unsupported plugin: ' },
  // Earlier agents wrote the next text both for unsatisfied preconditions and for unsupported plugins.
  { start: 'Step execution skipped due to incompatible platform. ' },
  { start: 'Plugin with name ', end: ' skipped due to prior step with an exit condition' },
];

/** The ends of lines. A script's output usually ends with one. The agent's message is a single line without one. */
const LINE_END = /[\n\r]/;

/** The facts about a step that ended. */
interface EndedStep {
  status: string | null;
  responseCode: number | null;
  output: string | null;
}

/** How the service shows a step that the agent skipped. src/db/sql/skipped-sql.ts makes the SQL from this too. */
export const SHOWN_IF_SKIPPED = { status: 'Success', responseCode: 0 } as const;

/** Whether a step is shown like a skipped one. If it is not, the agent did not skip it, whatever its output says. */
export function mayBeSkipped({ status, responseCode }: Omit<EndedStep, 'output'>): boolean {
  return status === SHOWN_IF_SKIPPED.status && responseCode === SHOWN_IF_SKIPPED.responseCode;
}

/** Whether the agent skipped a step, which the service shows as a success. */
export function wasSkipped(step: EndedStep): boolean {
  return mayBeSkipped(step) && step.output !== null && isSkipMessage(step.output);
}

/** Whether a whole output is a message of the agent about a step that it did not run. */
export function isSkipMessage(output: string): boolean {
  return (
    SKIP_MESSAGES.some(({ start, end = '' }) => output.startsWith(start) && output.endsWith(end)) &&
    !LINE_END.test(output)
  );
}
