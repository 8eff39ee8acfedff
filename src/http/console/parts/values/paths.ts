import type { CommandKey } from '../../../../archive/commands/shown-command.ts';
import type { InvocationKey } from '../../../../archive/invocations/get-invocation.ts';
import type { InstanceKey } from '../../../../archive/nodes/list-instances.ts';
import type { FullOutput } from '../../../../archive/outputs/list-full-outputs.ts';

/** The address of an invocation's page. */
export function pathOfInvocation({ accountId, region, commandId, instanceId }: InvocationKey): string {
  return joinPath('invocations', accountId, region, commandId, instanceId);
}

/** The address of a step's output as it was sent. Steps count from 0. */
export function pathOfOutput(key: InvocationKey, position: number): string {
  return `${pathOfInvocation(key)}/steps/${position + 1}/output`;
}

/** What identifies a fetched output within its invocation. Steps count from 0. */
type OutputKey = Pick<FullOutput, 'position' | 'stream' | 'provenance'>;

/** The address of the page of a fetched output. */
export function pathOfFullOutput(key: InvocationKey, { position, stream, provenance }: OutputKey): string {
  return `${pathOfInvocation(key)}/steps/${position + 1}/outputs/${stream}?provenance=${provenance}`;
}

/** The address of the text of a fetched output. */
export function pathOfRawOutput(key: InvocationKey, { position, stream, provenance }: OutputKey): string {
  return `/v1${pathOfInvocation(key)}/steps/${position}/outputs/${stream}?provenance=${provenance}`;
}

/** The address of a command's page. */
export function pathOfCommand({ accountId, region, commandId }: CommandKey): string {
  return joinPath('commands', accountId, region, commandId);
}

/** The address of a node's page. */
export function pathOfNode({ accountId, region, instanceId }: InstanceKey): string {
  return joinPath('nodes', accountId, region, instanceId);
}

/** The address of a document's page. */
export function pathOfDocument(documentName: string): string {
  return joinPath('documents', documentName);
}

/**
 * The address that compares two runs. As the right one, `previous` means the run before the left one, of the same
 * document on the same node.
 */
export function pathOfComparison(left: InvocationKey, right: InvocationKey | 'previous'): string {
  return `/compare?${new URLSearchParams({ left: keyText(left), right: right === 'previous' ? right : keyText(right) })}`;
}

/**
 * The address of a pass's page: `run-` and its number, or the id that the server gave to a pass that has just begun.
 */
export function pathOfPass(id: string): string {
  return `/collector${joinPath('passes', id)}`;
}

/** A key in the form that `/compare` takes. */
export function keyText({ accountId, region, commandId, instanceId }: InvocationKey): string {
  return [accountId, region, commandId, instanceId].join('/');
}

function joinPath(...parts: string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`;
}
