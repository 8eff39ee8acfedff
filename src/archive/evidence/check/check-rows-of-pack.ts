import { z } from 'zod';
import { canonicalJson } from '../../../lib/json/canonical-json.ts';
import { sha256 } from '../../../lib/sha256.ts';
import { INVOCATION_MEMBERS, type MemberList, membersOf, STEP_MEMBERS } from '../../../model/members.ts';
import { normalizeInvocation } from '../../../model/normalize-invocation.ts';
import { asMembers } from '../../../model/read-member.ts';
import { REDACTED } from '../evidence.ts';
import { createLastStates, type RowFault } from './last-states.ts';

const Entry = z.object({
  kind: z.literal('revision'),
  accountId: z.string(),
  region: z.string(),
  observedAt: z.string(),
  state: z.record(z.string(), z.unknown()),
});
const Row = z
  .object({
    accountId: z.string(),
    region: z.string(),
    commandId: z.string(),
    instanceId: z.string(),
    changedAt: z.string(),
  })
  .catchall(z.unknown());

/** Compares the rows of a pack with the last state of each invocation. */
export interface RowChecker {
  /**
   * Takes the opened entry of a state, in the order of the ledger, and whether its outputs were pruned. Returns the
   * SHA-256 of the outputs that the entry names and that still exist.
   */
  addState(entry: string, isWithoutOutputs: boolean, fault: (what: string) => void): string[];
  /** Takes a state of which the pack has only the hash, in its place among the others. */
  addWithheld(): void;
  /**
   * What is wrong with a row; undefined if the row is right. `skipMessages` are the SHA-256 of the outputs in which the
   * agent says that it skipped a step; undefined if the pack has no outputs.
   */
  faultOf(row: unknown, skipMessages: ReadonlySet<string> | undefined): RowFault | undefined;
  /** Returns the invocations that have states but no row. */
  left(): string[];
}

export function createRowChecker(): RowChecker {
  const last = createLastStates();
  return {
    addState(entry, isWithoutOutputs, fault) {
      const parsed = Entry.safeParse(JSON.parse(entry)).data;
      if (!parsed) {
        fault('its entry is not a revision');
        return [];
      }
      const { accountId, region, observedAt, state } = parsed;
      const named: string[] = [];
      const { plugins, ...columns } = normalizeInvocation(state, (value) => digestOf(value, named));
      const key = canonicalJson([accountId, region, state.CommandId, state.InstanceId]);
      const steps = plugins.map((plugin) => {
        const isOutputPruned = isWithoutOutputs && plugin.output !== null;
        return { ...plugin, isOutputPruned, output: isOutputPruned ? null : plugin.output };
      });
      last.add(key, digestOfMembers({ ...columns, changedAt: observedAt }, steps));
      return isWithoutOutputs ? [] : named;
    },
    addWithheld: last.addWithheld,
    faultOf(value, skipMessages) {
      const row = Row.safeParse(value).data;
      if (!row) return { what: 'is no invocation', mayBeWithheld: false };
      const key = keyOf(row);
      const steps = Array.isArray(row.plugins) ? row.plugins.map((plugin) => asMembers(plugin) ?? {}) : [];
      const plugins = steps.map((step) => ({
        isOutputPruned: false,
        ...storedForms(STEP_MEMBERS, step),
        output: step.outputSha256 ?? null,
      }));
      const digest = () => digestOfMembers(storedForms(INVOCATION_MEMBERS, row), plugins);
      const fault = last.take(key, digest, 'invocation');
      if (fault) return fault;
      const wrong = plugins.findIndex((step) => !mayBeSkipped(step, skipMessages));
      if (wrong < 0) return undefined;
      return {
        what: `disagrees with the output of step ${wrong} of ${key} about whether the step was skipped`,
        mayBeWithheld: false,
      };
    },
    left: last.left,
  };
}

/** The key of the invocation that a line shows; undefined if it is not an invocation. */
export function keyOfRow(value: unknown): string | undefined {
  const row = Row.safeParse(value).data;
  return row && keyOf(row);
}

function keyOf({ accountId, region, commandId, instanceId }: z.output<typeof Row>): string {
  return canonicalJson([accountId, region, commandId, instanceId]);
}

const MEMBERS = [...membersOf(INVOCATION_MEMBERS).map(({ name }) => name), 'changedAt'];
const OF_STEPS = [...membersOf(STEP_MEMBERS).map(({ name }) => name), 'isOutputPruned'];

type Members = Readonly<Record<string, unknown>>;

function digestOfMembers(columns: Members, plugins: readonly Members[]): Buffer {
  const own = MEMBERS.map((name) => columns[name]);
  return sha256(canonicalJson([own, plugins.map((plugin) => OF_STEPS.map((name) => plugin[name]))]));
}

/**
 * Returns a row of a pack with each member's value as its column stores it. Rows of older versions may lack some
 * members.
 */
function storedForms(list: MemberList, row: Members): Members {
  const stored: Record<string, unknown> = { ...row };
  for (const { name, kind } of membersOf(list)) {
    const value = row[name];
    if (kind === 'flag') stored[name] = typeof value === 'boolean' ? Number(value) : null;
    if (kind === 'list' || kind === 'object')
      stored[name] = value === null || value === undefined ? null : canonicalJson(value);
  }
  return stored;
}

/** Whether `isSkipped` of a step can be right. It is absent in older packs, and null in packs with redacted outputs. */
function mayBeSkipped(step: Members, skipMessages: ReadonlySet<string> | undefined): boolean {
  const { isSkipped, status, responseCode, output, isOutputPruned } = step;
  if (isSkipped === undefined || isSkipped === null) return true;
  if (status !== 'Success' || responseCode !== 0) return isSkipped === false;
  if (isOutputPruned === true || skipMessages === undefined) return true;
  return isSkipped === (typeof output === 'string' && skipMessages.has(output));
}

/**
 * Returns the digest of an output. Adds it to `named` if the output has a file of its own: an output that UTF-8 can't
 * represent is only in the state itself.
 */
function digestOf(value: unknown, named: string[]): string | null {
  if (value === REDACTED) return REDACTED;
  const digest = asMembers(value)?.sha256;
  if (typeof digest === 'string') {
    named.push(digest);
    return digest;
  }
  return typeof value === 'string' ? sha256(value.toWellFormed()).toString('hex') : null;
}
