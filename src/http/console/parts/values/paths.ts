import type { CommandKey } from '../../../../archive/commands/list-commands.ts';
import type { InvocationKey } from '../../../../archive/invocations/get-invocation.ts';
import type { InstanceKey } from '../../../../archive/nodes/list-instances.ts';

/** Where an invocation's page is. */
export function pathOfInvocation({ accountId, region, commandId, instanceId }: InvocationKey): string {
  return joinPath('invocations', accountId, region, commandId, instanceId);
}

/** Where what a step printed is, as it was sent. Steps count from 0. */
export function pathOfOutput(key: InvocationKey, position: number): string {
  return `${pathOfInvocation(key)}/steps/${position + 1}/output`;
}

/** Where a command's page is. */
export function pathOfCommand({ accountId, region, commandId }: CommandKey): string {
  return joinPath('commands', accountId, region, commandId);
}

/** Where a node's page is. */
export function pathOfNode({ accountId, region, instanceId }: InstanceKey): string {
  return joinPath('nodes', accountId, region, instanceId);
}

/** Where a document's page is. */
export function pathOfDocument(documentName: string): string {
  return joinPath('documents', documentName);
}

/** Where two runs stand side by side; `previous` is the same document's run on that node before. */
export function pathOfComparison(left: InvocationKey, right: InvocationKey | 'previous'): string {
  return `/compare?${new URLSearchParams({ left: keyText(left), right: right === 'previous' ? right : keyText(right) })}`;
}

/** Where a pass's page is: by `run-` and its number, or by the id that the server has for one that just began. */
export function pathOfPass(id: string): string {
  return `/collector${joinPath('passes', id)}`;
}

/** A key as the comparison takes it. */
export function keyText({ accountId, region, commandId, instanceId }: InvocationKey): string {
  return [accountId, region, commandId, instanceId].join('/');
}

function joinPath(...parts: string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`;
}
