import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { sha256 } from '../../lib/sha256.ts';
import { normalizeInvocation } from '../../model/normalize-invocation.ts';
import type { NormalizedInvocation, NormalizedOutput } from '../../model/observed-invocation.ts';
import { asMembers, type Members } from '../../model/read-member.ts';

/** Returns the columns and the state of an element of CommandInvocations of any form. */
export function prepareAny(members: Members): NormalizedInvocation {
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
