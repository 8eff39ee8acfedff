import type { CommandInvocationRecord } from '../../../../src/http/aws/records.ts';
import type { Subject } from './conformance-requests.ts';

/**
 * The values for requests to a fleet: its largest command with one step, one of its nodes, and the times of two of its
 * invocations.
 */
export function subjectOf(shown: readonly CommandInvocationRecord[]): Subject {
  const sizes = new Map<string, number>();
  for (const { CommandId } of shown) sizes.set(CommandId, (sizes.get(CommandId) ?? 0) + 1);
  const bySize = shown
    .filter(({ CommandPlugins }) => CommandPlugins?.length === 1)
    .toSorted((a, b) => (sizes.get(b.CommandId) ?? 0) - (sizes.get(a.CommandId) ?? 0));
  const [chosen] = bySize;
  const other = bySize.find(({ DocumentName }) => DocumentName !== chosen?.DocumentName);
  // The first invocation has the time of its command, so these times are bounds in both lists.
  const firsts = shown.filter((item) => item === shown.findLast(({ CommandId }) => CommandId === item.CommandId));
  const at = (share: number) => Math.round((firsts[Math.floor(firsts.length * share)]?.RequestedDateTime ?? 0) * 1000);
  if (!chosen?.DocumentName || !other?.DocumentName)
    throw new Error('The fleet does not have two documents with one step.');
  return {
    commandId: chosen.CommandId,
    instanceId: chosen.InstanceId,
    documentName: chosen.DocumentName,
    otherDocumentName: other.DocumentName,
    earlierMs: at(0.7),
    laterMs: at(0.13),
  };
}
