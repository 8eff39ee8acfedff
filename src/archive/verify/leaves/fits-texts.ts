import { normalizeInvocation } from '../../../model/normalize-invocation.ts';
import { asMembers, asText, type Members } from '../../../model/read-member.ts';
import { digestOfOutput } from '../../shared/outputs-of-state.ts';
import { mayBeInexact } from '../inexact-columns.ts';
import { textOfInvocation, textOfSteps } from './present-texts.ts';
import type { RevisionRow } from './read-revisions.ts';

/**
 * Whether a revision, and the rows of its invocation and steps, certainly fit its state; if so, adds the SHA-256 of its
 * outputs to `outputs`. It compares texts that SQLite made of whole rows, which is several times faster than
 * compareInvocation. If this returns false, compareInvocation decides: it knows each special case, and names what is
 * wrong.
 */
export function fitsTexts(row: RevisionRow, state: string, outputs: Set<string>): boolean {
  // Bytes of a column that are not UTF-8 may read like this state.
  if (mayBeInexact(state)) return false;
  const members = parsed(state);
  if (!members) return false;
  const columns = normalizeInvocation(members, digestOfOutput);
  const { plugins } = columns;
  const fitsRow =
    asText(members.CommandId) === row.commandId &&
    asText(members.InstanceId) === row.instanceId &&
    columns.status === row.status &&
    columns.statusDetails === row.statusDetails &&
    plugins.length === row.pluginCount;
  if (!fitsRow) return false;
  if (row.isFirst === 1) return false;
  if (row.isLast === 1) {
    if (row.changedAt !== row.observedAt || row.isFingerprintSame === 0) return false;
    if (textOfInvocation(columns) !== row.invocationText || textOfSteps(plugins) !== row.stepsText) return false;
  }
  for (const { output } of plugins) if (output !== null) outputs.add(output);
  return true;
}

function parsed(state: string): Members | undefined {
  try {
    return asMembers(JSON.parse(state));
  } catch {
    return undefined;
  }
}
