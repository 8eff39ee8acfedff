import { INVOCATION_MEMBERS, membersOf, STEP_MEMBERS } from '../../model/members.ts';
import { normalizeInvocation, type StepColumns } from '../../model/normalize-invocation.ts';
import { asMembers, asText, type Members } from '../../model/read-member.ts';
import { mayBeSkipped } from '../../model/skipped-steps.ts';
import { digestOfOutput } from '../shared/outputs-of-state.ts';
import { mayBeInexact } from './inexact-columns.ts';

/** The columns of a revision's row, most of which follow from its state. */
export interface CheckedRevision {
  commandId: string;
  instanceId: string;
  observedAt: string;
  status: string | null;
  statusDetails: string | null;
  pluginCount: number;
  fingerprint: Buffer | null;
  isFirst: 0 | 1;
  isLast: 0 | 1;
  /** Whether a tombstone says that the outputs of this revision were pruned. */
  isWithoutOutputs: boolean;
}

/** Values by the names of their members. */
export type PresentRow = Readonly<Record<string, unknown>>;

/** The present rows of an invocation, wherever they are stored. */
export interface PresentRows {
  /** The members of the invocation, and firstSeenAt, changedAt and fingerprint. */
  invocation(): PresentRow | undefined;
  /**
   * Its steps in order: their members, with the SHA-256 of the output in hex, and position, isOutputPruned, isSkipped and
   * isSkipMessage.
   */
  steps(): readonly PresentRow[];
  /** Tells of columns whose bytes are not UTF-8, if they can have such. */
  tellInexact?(table: 'invocations' | 'plugins', position?: unknown): void;
}

const MEMBERS = membersOf(INVOCATION_MEMBERS);
const OF_STEPS = membersOf(STEP_MEMBERS);

/**
 * Compares a revision's row with its state, and the times of the invocation's row with the invocation's first and last
 * revision. For the last revision it also compares the rows of the invocation and its steps with the state. Adds the
 * SHA-256 of each output that the state names to `outputs`.
 */
export function compareInvocation(
  row: CheckedRevision,
  state: string,
  rows: PresentRows,
  { outputs, fault }: { outputs: Set<string>; fault(what: string): void },
): void {
  const members = parsed(state);
  if (!members) {
    fault('its state is not JSON');
    return;
  }
  const { plugins, ...columns } = normalizeInvocation(members, digestOfOutput);
  if (!row.isWithoutOutputs) for (const { output } of plugins) if (output !== null) outputs.add(output);
  if (asText(members.CommandId) !== row.commandId) fault('its state has another CommandId');
  if (asText(members.InstanceId) !== row.instanceId) fault('its state has another InstanceId');
  const ofRow = (column: string) => fault(`${column} of its row differs from its state`);
  if (columns.status !== row.status) ofRow('status');
  if (columns.statusDetails !== row.statusDetails) ofRow('status_details');
  if (plugins.length !== row.pluginCount) ofRow('plugin_count');
  if (row.isFirst === 0 && row.isLast === 0) return;

  const present = rows.invocation();
  if (!present) return;
  if (row.isFirst === 1 && present.firstSeenAt !== row.observedAt)
    fault('invocations.first_seen_at is not the time of this first revision');
  if (row.isLast === 0) return;
  if (present.changedAt !== row.observedAt) fault('invocations.changed_at is not the time of this last revision');
  if (row.fingerprint && !row.fingerprint.equals(asBuffer(present.fingerprint)))
    fault('invocations.fingerprint differs');
  for (const { name, column } of MEMBERS)
    if (columns[name] !== present[name]) fault(`invocations.${column} differs from its last state`);
  const steps = rows.steps();
  if (steps.length !== plugins.length)
    fault(`plugins has ${steps.length} steps for it, but its last state has ${plugins.length}`);
  const isInexact = mayBeInexact(state);
  if (isInexact) rows.tellInexact?.('invocations');
  plugins.forEach((plugin, position) => {
    const step = steps[position];
    if (!step) return;
    if (isInexact) rows.tellInexact?.('plugins', step.position);
    compareStep(plugin, step, { position, isWithoutOutputs: row.isWithoutOutputs }, fault);
  });
}

function compareStep(
  plugin: StepColumns<string | null>,
  step: PresentRow,
  { position, isWithoutOutputs }: { position: number; isWithoutOutputs: boolean },
  fault: (what: string) => void,
): void {
  const isOutputPruned = isWithoutOutputs && plugin.output !== null;
  const output = isOutputPruned ? null : plugin.output;
  const ofStep = (column: string) => fault(`plugins.${column} of step ${position} differs from its last state`);
  for (const { name, column } of OF_STEPS)
    if ((name === 'output' ? output : plugin[name]) !== step[name]) ofStep(column);
  if (step.position !== position) ofStep('position');
  if (step.isOutputPruned !== Number(isOutputPruned)) ofStep('is_output_pruned');
  if (step.isSkipped !== skippedOf(plugin, isOutputPruned, step)) ofStep('is_skipped');
}

/**
 * The correct value of is_skipped. If the output was pruned, the stored value counts as correct, because it can't be
 * derived again.
 */
function skippedOf(
  plugin: StepColumns<unknown>,
  isOutputPruned: boolean,
  { isSkipped, isSkipMessage }: PresentRow,
): unknown {
  if (!mayBeSkipped(plugin)) return 0;
  return isOutputPruned ? isSkipped : Number(isSkipMessage === 1);
}

function parsed(state: string): Members | undefined {
  try {
    return asMembers(JSON.parse(state));
  } catch {
    return undefined;
  }
}

function asBuffer(value: unknown): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}
