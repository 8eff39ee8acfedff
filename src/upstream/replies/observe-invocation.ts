import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { sha256 } from '../../lib/sha256.ts';
import { normalizeInvocation } from '../../model/normalize-invocation.ts';
import type { NormalizedInvocation, NormalizedOutput, ObservedInvocation } from '../../model/observed-invocation.ts';
import { asMembers, type Members } from '../../model/read-member.ts';
import { ReplyUnreadable } from '../errors.ts';

const FINGERPRINT_BYTES = 16;

/**
 * Reads one element of CommandInvocations, as parsed from the reply: the SDK's deserializer would drop members that its
 * model does not name. A member of an unexpected type is null in its column; the state keeps it as it came. Throws
 * ReplyUnreadable if the element has no CommandId or InstanceId, because it can't be stored without them.
 */
export function observeInvocation(raw: unknown): ObservedInvocation {
  const members = asMembers(raw);
  const commandId = key(members?.CommandId);
  const instanceId = key(members?.InstanceId);
  if (!members || !commandId || !instanceId) {
    throw new ReplyUnreadable('The reply holds an invocation without a CommandId or an InstanceId.');
  }
  let normalized: NormalizedInvocation | undefined;
  return {
    commandId,
    instanceId,
    fingerprint: sha256(JSON.stringify(members)).subarray(0, FINGERPRINT_BYTES),
    normalize() {
      normalized ??= withState(members);
      return normalized;
    },
  };
}

function withState(members: Members): NormalizedInvocation {
  const rawPlugins: unknown[] = Array.isArray(members.CommandPlugins) ? members.CommandPlugins : [];
  const columns = normalizeInvocation(members, outputOf);
  const state =
    rawPlugins.length === 0
      ? members
      : { ...members, CommandPlugins: rawPlugins.map((raw, i) => pluginState(raw, columns.plugins[i]?.output)) };
  return { ...columns, stateJson: canonicalJson(state) };
}

/**
 * An output with a lone surrogate can't be stored or digested as UTF-8 bytes without loss, so the state itself keeps
 * it.
 */
function pluginState(raw: unknown, output: NormalizedOutput | null | undefined): unknown {
  const members = asMembers(raw);
  if (!members || !output || output.text !== members.Output) return raw;
  return { ...members, Output: { sha256: output.sha256.toString('hex') } };
}

function outputOf(value: unknown): NormalizedOutput | null {
  if (typeof value !== 'string') return null;
  const wellFormed = value.toWellFormed();
  return { text: wellFormed, sha256: sha256(wellFormed) };
}

function key(value: unknown): string | undefined {
  return typeof value === 'string' ? value.toWellFormed() : undefined;
}
