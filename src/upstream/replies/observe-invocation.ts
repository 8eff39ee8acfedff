import { sha256 } from '../../lib/sha256.ts';
import type { NormalizedInvocation, ObservedInvocation } from '../../model/observed-invocation.ts';
import { asMembers } from '../../model/read-member.ts';
import { ReplyUnreadable } from '../errors.ts';
import { prepareAny } from './prepare-any.ts';
import { prepareUsual } from './prepare-usual.ts';

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
      normalized ??= prepareUsual(members) ?? prepareAny(members);
      return normalized;
    },
  };
}

function key(value: unknown): string | undefined {
  return typeof value === 'string' ? value.toWellFormed() : undefined;
}
