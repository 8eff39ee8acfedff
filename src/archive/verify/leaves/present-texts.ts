import { IS_SKIP_MESSAGE } from '../../../db/sql/skipped-sql.ts';
import { INVOCATION_MEMBERS, type MemberList, membersOf, STEP_MEMBERS } from '../../../model/members.ts';
import type { InvocationColumns, StepColumns } from '../../../model/normalize-invocation.ts';
import { SHOWN_IF_SKIPPED, SKIP_MESSAGES } from '../../../model/skipped-steps.ts';

type Columns = InvocationColumns<string | null>;
type Step = StepColumns<string | null>;

const MEMBERS = membersOf(INVOCATION_MEMBERS);
const OF_STEPS = membersOf(STEP_MEMBERS);

/** As many bytes as each message about a skipped step has at its start. Few outputs begin like one. */
const START_LENGTH = Math.min(...SKIP_MESSAGES.map(({ start }) => Buffer.byteLength(start)));
const STARTS = SKIP_MESSAGES.map(({ start }) => `x'${Buffer.from(start).subarray(0, START_LENGTH).toString('hex')}'`);
const MAY_BE_SKIPPED = `p.status IS '${SHOWN_IF_SKIPPED.status}' AND p.response_code IS ${SHOWN_IF_SKIPPED.responseCode}
  AND substr(CAST(o.text AS BLOB), 1, ${START_LENGTH}) IN (${STARTS.join(', ')})`;
/** 1 if is_skipped is what the step's other columns and its output say. */
const IS_SKIPPED_RIGHT = `p.is_skipped IS CASE WHEN ${MAY_BE_SKIPPED} THEN coalesce(${IS_SKIP_MESSAGE}, 0) ELSE 0 END`;
const DIGEST = 'iif(p.output_id IS NULL, NULL, lower(hex(o.sha256)))';

/**
 * SQL: the members of an invocation's row i as one JSON array, as textOfInvocation makes it from a state. SQLite writes
 * each type of value in its own way, so two equal texts have equal values.
 */
export const INVOCATION_TEXT = `json_array(${columnsOf(INVOCATION_MEMBERS, 'i')})`;

/** SQL: the steps of the invocation i as one JSON array, as textOfSteps makes it from a state whose outputs are there. */
export const STEPS_TEXT = `(SELECT json_group_array(json_array(p.position, ${columnsOf(STEP_MEMBERS, 'p', DIGEST)},
    p.is_output_pruned, ${IS_SKIPPED_RIGHT}))
  FROM main.plugins p LEFT JOIN main.outputs o ON o.id = p.output_id WHERE p.invocation_id = i.id)`;

function columnsOf(list: MemberList, table: string, digest?: string): string {
  return membersOf(list)
    .map(({ column, kind }) => (kind === 'output' && digest) || `${table}.${column}`)
    .join(', ');
}

/** Returns what INVOCATION_TEXT gives if the row of the invocation fits its last state. */
export function textOfInvocation(columns: Columns): string {
  return JSON.stringify(MEMBERS.map(({ name }) => columns[name]));
}

/** Returns what STEPS_TEXT gives if the rows of the steps fit the last state. */
export function textOfSteps(steps: readonly Step[]): string {
  return JSON.stringify(steps.map((step, position) => [position, ...OF_STEPS.map(({ name }) => step[name]), 0, 1]));
}
