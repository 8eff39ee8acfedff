/**
 * THE list of what the agent says, as the whole output of a step, if it did not run the step: the first words, and the last ones if the
 * document's author chose what stands between. The agent reports such a step as Skipped, and the service shows it as Success with
 * response code 0, so that only these words tell it from a step that ran. src/db/sql/skipped-sql.ts makes the SQL from
 * this list.
 */
export const SKIP_MESSAGES: readonly { start: string; end?: string }[] = [
  { start: 'Step execution skipped due to unsatisfied preconditions: ' },
  { start: 'Step execution skipped due to unsupported plugin: ' },
  // What earlier agents said of both.
  { start: 'Step execution skipped due to incompatible platform. ' },
  { start: 'Plugin with name ', end: ' skipped due to prior step with an exit condition' },
];

/** What ends a line. What a script prints ends in one as a rule; the agent's message is one line without an end. */
const LINE_END = /[\n\r]/;

/** A step that ended. */
interface EndedStep {
  status: string | null;
  responseCode: number | null;
  output: string | null;
}

/** Whether the agent passed a step over, which the service shows as a success. */
export function wasSkipped({ status, responseCode, output }: EndedStep): boolean {
  return status === 'Success' && responseCode === 0 && output !== null && isSkipMessage(output);
}

/** Whether an output is, from its first letter to its last, what the agent says of a step that it did not run. */
export function isSkipMessage(output: string): boolean {
  return (
    SKIP_MESSAGES.some(({ start, end = '' }) => output.startsWith(start) && output.endsWith(end)) &&
    !LINE_END.test(output)
  );
}
