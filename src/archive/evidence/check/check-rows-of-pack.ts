import { z } from 'zod';
import { canonicalJson } from '../../../lib/json/canonical-json.ts';
import { sha256 } from '../../../lib/sha256.ts';
import { INVOCATION_MEMBERS, type MemberList, membersOf, STEP_MEMBERS } from '../../../model/members.ts';
import { normalizeInvocation } from '../../../model/normalize-invocation.ts';
import { asMembers } from '../../../model/read-member.ts';
import { REDACTED } from '../evidence.ts';

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

/**
 * Compares the rows of a pack with the last state of each invocation. Keeps only a digest of each last state in memory.
 */
export interface RowChecker {
  /**
   * Takes the opened entry of a state, in the order of the ledger, and whether its outputs were pruned. Returns the
   * SHA-256 of the outputs that the entry names and that still exist.
   */
  addState(entry: string, isWithoutOutputs: boolean, fault: (what: string) => void): string[];
  /**
   * What is wrong with a row; undefined if the row is right. `skipMessages` are the SHA-256 of the outputs in which the
   * agent says that it skipped a step; undefined if the pack has no outputs.
   */
  faultOf(
    row: unknown,
    skipMessages: ReadonlySet<string> | undefined,
  ): { what: string; isWithoutState: boolean } | undefined;
  /** Returns the invocations that have states but no row. */
  left(): string[];
}

export function createRowChecker(): RowChecker {
  const last = new Map<string, Buffer>();
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
      last.set(key, digestOfMembers({ ...columns, changedAt: observedAt }, steps));
      return isWithoutOutputs ? [] : named;
    },
    faultOf(value, skipMessages) {
      const row = Row.safeParse(value).data;
      if (!row) return { what: 'is no invocation', isWithoutState: false };
      const key = canonicalJson([row.accountId, row.region, row.commandId, row.instanceId]);
      const expected = last.get(key);
      last.delete(key);
      if (!expected) {
        const what = `is the invocation ${key}, which has no state or is already in an earlier line`;
        return { what, isWithoutState: true };
      }
      const steps = Array.isArray(row.plugins) ? row.plugins.map((plugin) => asMembers(plugin) ?? {}) : [];
      const plugins = steps.map((step) => ({
        isOutputPruned: false,
        ...storedForms(STEP_MEMBERS, step),
        output: step.outputSha256 ?? null,
      }));
      if (!digestOfMembers(storedForms(INVOCATION_MEMBERS, row), plugins).equals(expected))
        return { what: `is not the last state of the invocation ${key}`, isWithoutState: false };
      const wrong = plugins.findIndex((step) => !mayBeSkipped(step, skipMessages));
      if (wrong < 0) return undefined;
      return {
        what: `disagrees with the output of step ${wrong} of ${key} about whether the step was skipped`,
        isWithoutState: false,
      };
    },
    left: () => [...last.keys()],
  };
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
