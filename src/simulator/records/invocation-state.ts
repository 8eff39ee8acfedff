import type { KnownState } from '../../model/final-status.ts';
import type { InvocationPlan, StepPlan } from '../fleet/plan-invocation.ts';

export interface State {
  readonly status: string;
  readonly details: string;
}

/** A node that has not answered for this long is Delayed. */
const DELAYED_AFTER_MS = 30_000;
const IN_PROGRESS: KnownState = { status: 'InProgress', details: 'InProgress' };
const PENDING: KnownState = { status: 'Pending', details: 'Pending' };
const DELAYED: KnownState = { status: 'Delayed', details: 'Delayed' };
const CANCELLING: KnownState = { status: 'Cancelling', details: 'Cancelling' };

/** Returns Status and StatusDetails of an invocation at a given time, in epoch milliseconds. */
export function invocationState(plan: InvocationPlan, nowMs: number): State {
  if (nowMs >= plan.endMs) return plan;
  if (plan.startMs === undefined || nowMs < plan.startMs) {
    return nowMs - plan.requestedMs > DELAYED_AFTER_MS ? DELAYED : PENDING;
  }
  if (plan.cancelMs !== undefined && nowMs >= plan.cancelMs) return CANCELLING;
  const { silence } = plan;
  return silence && nowMs >= silence.fromMs && nowMs < silence.toMs ? DELAYED : IN_PROGRESS;
}

/** Returns Status and StatusDetails of a step at a given time, in epoch milliseconds. */
export function stepState(step: StepPlan, nowMs: number): State {
  if (nowMs >= step.endMs) return step;
  return step.startMs !== undefined && nowMs >= step.startMs ? IN_PROGRESS : PENDING;
}
