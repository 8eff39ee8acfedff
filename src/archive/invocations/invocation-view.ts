import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { IS_OUTPUT_TRUNCATED } from '../../db/sql/is-output-truncated.ts';
import { STEP_DURATION_MS } from '../../db/sql/step-duration.ts';
import { createRowConverter, type ShownRow, type StoredRow } from '../../model/member-row.ts';
import { INVOCATION_MEMBERS, type Kind, membersOf, STEP_MEMBERS } from '../../model/members.ts';
import type { InvocationTables } from './invocation-filter.ts';

/** The facts about a step's output that are shown whether or not its text was requested. */
export interface OutputView {
  outputSha256: string | null;
  outputSizeBytes: number | null;
  isOutputTruncated: boolean | null;
}

/**
 * A step in the form that is shown. `output` is present only if it was requested; it is null if the service sent no
 * output for the step.
 */
export interface PluginView extends ShownRow<typeof STEP_MEMBERS>, OutputView {
  position: number;
  durationMs: number | null;
  /** The archive had the output, and pruning removed it. */
  isOutputPruned: boolean;
  /**
   * Whether the agent skipped the step, according to its output. Null if the output was pruned before the archive
   * recorded whether the step was skipped.
   */
  isSkipped: boolean | null;
  output?: string | null;
}

/** An invocation in the form that is shown: the members that the service sent, and when the archive saw them. */
export interface InvocationView extends ShownRow<typeof INVOCATION_MEMBERS> {
  accountId: string;
  region: string;
  commandId: string;
  instanceId: string;
  firstSeenAt: string;
  changedAt: string;
  plugins?: PluginView[];
}

export type Include = 'none' | 'plugins' | 'outputs';

/** An invocation as a row with the columns INVOCATION_COLUMNS. */
export type InvocationRow = Omit<InvocationView, keyof ShownRow<typeof INVOCATION_MEMBERS> | 'plugins'> &
  StoredRow<typeof INVOCATION_MEMBERS>;
type PluginRow = Omit<
  PluginView,
  keyof ShownRow<typeof STEP_MEMBERS> | 'isOutputTruncated' | 'isOutputPruned' | 'isSkipped'
> &
  StoredRow<typeof STEP_MEMBERS> & {
    isOutputTruncated: number | null;
    isOutputPruned: number;
    isSkipped: number | null;
  };

/** A member of the shown form, with its SQL and its kind. */
type Shown = readonly [member: string, sql: string, kind: Exclude<Kind, 'output'>];

/** The members of an invocation in the order in which they are shown, each with its column. */
export const SHOWN_MEMBERS: readonly Shown[] = [
  ['accountId', 'account_id', 'text'],
  ['region', 'region', 'text'],
  ['commandId', 'command_id', 'text'],
  ['instanceId', 'instance_id', 'text'],
  ...membersOf(INVOCATION_MEMBERS).map(({ name, column, kind }) => [name, column, kind] as const),
  ['firstSeenAt', 'first_seen_at', 'time'],
  ['changedAt', 'changed_at', 'time'],
];

/** All of an invocation except its steps, for a SELECT from `i`. */
export const INVOCATION_COLUMNS = SHOWN_MEMBERS.map(([member, column]) => `i.${column} AS ${member}`).join(', ');

/** In place of a step's output, there are the values that the archive computes from it. */
const WORKED_OUT: readonly Shown[] = [
  ['durationMs', STEP_DURATION_MS, 'integer'],
  ['outputSha256', 'CASE WHEN o.id IS NOT NULL THEN lower(hex(o.sha256)) END', 'text'],
  ['outputSizeBytes', 'o.size_bytes', 'integer'],
  ['isOutputTruncated', `CASE WHEN o.id IS NOT NULL THEN ${IS_OUTPUT_TRUNCATED} END`, 'flag'],
];

/** The members of a step in the order in which they are shown, each with its SQL over `p` and its output `o`. */
export const SHOWN_STEP_MEMBERS: readonly Shown[] = [
  ['position', 'p.position', 'integer'],
  ...membersOf(STEP_MEMBERS).flatMap(({ name, column, kind }): readonly Shown[] =>
    kind === 'output' ? WORKED_OUT : [[name, `p.${column}`, kind]],
  ),
  ['isOutputPruned', 'p.is_output_pruned', 'flag'],
  ['isSkipped', 'p.is_skipped', 'flag'],
];
export const OUTPUT_MEMBER = ['output', 'o.text', 'text'] as const;

const PLUGIN_COLUMNS = SHOWN_STEP_MEMBERS.map(([member, sql]) => `${sql} AS ${member}`).join(', ');

/** Prepares the statements once and returns a function that reads the invocation with an id from these tables. */
export function createInvocationReader(
  sqlite: Database,
  tables: InvocationTables,
  include: Include,
): (id: number) => InvocationView {
  const read = prepareOnce<[number], InvocationRow>(
    sqlite,
    `SELECT ${INVOCATION_COLUMNS} FROM ${tables.invocations} i WHERE i.id = ?`,
  );
  const complete = createInvocationCompleter(sqlite, tables, include);
  return (id) => {
    const row = read.get(id);
    if (!row) throw new Error(`The invocation ${id} is gone.`);
    return complete(id, row);
  };
}

/** Like createInvocationReader, for a row that has been read already. The function turns that row into the view. */
export function createInvocationCompleter(
  sqlite: Database,
  tables: InvocationTables,
  include: Include,
): (id: number, row: InvocationRow) => InvocationView {
  const readPlugins = prepareOnce<[number], PluginRow>(
    sqlite,
    `SELECT ${PLUGIN_COLUMNS}${include === 'outputs' ? ', o.text AS output' : ''} FROM ${tables.plugins} p
       LEFT JOIN outputs o ON o.id = p.output_id WHERE p.invocation_id = ? ORDER BY p.position`,
  );
  return (id, row) => {
    const view = viewOf(row);
    if (include !== 'none') view.plugins = readPlugins.all(id).map(pluginOf);
    return view;
  };
}

const convertInvocation = createRowConverter(INVOCATION_MEMBERS);
const convertStep = createRowConverter(STEP_MEMBERS);

function viewOf(row: InvocationRow): InvocationView {
  return Object.assign(row, convertInvocation(row));
}

function pluginOf(row: PluginRow): PluginView {
  return Object.assign(row, convertStep(row), {
    isOutputTruncated: row.isOutputTruncated === null ? null : row.isOutputTruncated === 1,
    isOutputPruned: row.isOutputPruned === 1,
    isSkipped: row.isSkipped === null ? null : row.isSkipped === 1,
  });
}
