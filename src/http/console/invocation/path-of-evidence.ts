import type { InvocationKey } from '../../../archive/invocations/get-invocation.ts';
import { dayAfter } from '../../../lib/time.ts';

/** The address of the form for an evidence pack, filled in for one invocation. */
export function pathOfEvidence(invocation: InvocationKey & { requestedAt: string | null }): string {
  const { accountId, region, commandId, instanceId, requestedAt } = invocation;
  const day = requestedAt?.slice(0, 10);
  return `/evidence?${new URLSearchParams({
    ...{ account: accountId, region, commandId, instanceId },
    ...(day !== undefined && { requestedAfter: day, requestedBefore: dayAfter(day) }),
  })}`;
}
