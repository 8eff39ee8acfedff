import type { FinalState } from '../../model/final-status.ts';
import { between, fraction, mix, pick, pickByShare } from '../draw.ts';
import { type CommandPlan, DAY_MS, HOUR_MS, requestOffsetMs } from './command-plan.ts';
import type { ManagedNode } from './create-nodes.ts';

/** A step's whole life. A step that never starts has no start; its end is the time at which this is certain. */
export interface StepPlan {
  readonly startMs: number | undefined;
  readonly endMs: number;
  readonly status: FinalState['status'];
  readonly details: FinalState['details'];
  readonly code: number;
  readonly isSkipped: boolean;
}

/** An invocation's whole life, which its command and target decide. */
export interface InvocationPlan {
  readonly key: number;
  readonly requestedMs: number;
  /** When the node begins the invocation; undefined if it never does. */
  readonly startMs: number | undefined;
  /** When somebody cancels the invocation, which is then Cancelled some time later. */
  readonly cancelMs: number | undefined;
  /** A span of the invocation's run in which the node does not answer. */
  readonly silence: { readonly fromMs: number; readonly toMs: number } | undefined;
  readonly endMs: number;
  readonly status: FinalState['status'];
  readonly details: FinalState['details'];
  readonly trace: string | undefined;
  readonly steps: readonly StepPlan[];
}

type Fate = FinalState & {
  readonly share: number;
  /** When an invocation that never starts ends: at the time-out, or within this many milliseconds. */
  readonly never?: 'timeout' | number;
};

/**
 * For some details (Undeliverable and those after it), AWS does not say which Status they have; the simulator takes
 * Failed.
 */
const FATES: readonly [Fate, ...Fate[]] = [
  { share: 0.862, status: 'Success', details: 'Success' },
  { share: 0.07, status: 'Failed', details: 'Failed' },
  { share: 0.015, status: 'TimedOut', details: 'ExecutionTimedOut' },
  { share: 0.015, status: 'Cancelled', details: 'Cancelled' },
  { share: 0.014, status: 'TimedOut', details: 'DeliveryTimedOut', never: 'timeout' },
  { share: 0.007, status: 'Failed', details: 'Undeliverable', never: 30_000 },
  { share: 0.007, status: 'Failed', details: 'Terminated', never: 4000 },
  { share: 0.005, status: 'Failed', details: 'InvalidPlatform', never: 900 },
  { share: 0.005, status: 'Failed', details: 'AccessDenied', never: 900 },
];

/** Returns the whole life of an invocation: a pure function of the command and the target. */
export function planInvocation(command: CommandPlan, target: number, node: ManagedNode): InvocationPlan {
  const key = mix(command.key, 0x10000 + target);
  const requestedMs = command.requestedMs + requestOffsetMs(command, target);
  const drawn = pickByShare(FATES, fraction(key, 1));
  // If every step is skipped, nothing can fail.
  const isIdle = drawn.never === undefined && !command.document.steps.some((_, index) => runsOn(command, index, node));
  const fate = isIdle ? FATES[0] : drawn;
  const { status, details } = fate;
  if (fate.never !== undefined) {
    const wait = fate.never === 'timeout' ? command.timeoutSeconds * 1000 : between(100, fate.never, fraction(key, 2));
    // A time-out of weeks would keep a command open for longer than the service remembers it.
    const endMs = requestedMs + Math.min(wait, 9 * DAY_MS);
    const step = { startMs: undefined, endMs, status, details, code: -1, isSkipped: false };
    const steps = details === 'InvalidPlatform' ? [] : command.document.steps.map(() => step);
    const never = { startMs: undefined, cancelMs: undefined, silence: undefined };
    return { key, requestedMs, ...never, endMs, status, details, trace: traceOf(fate, key), steps };
  }
  const startMs = requestedMs + deliveryMs(key, command.timeoutSeconds * 1000);
  const steps = planSteps(command, key, fate, node, startMs);
  const endMs = steps.reduce((latest, step) => Math.max(latest, step.endMs), startMs);
  const isCancelled = status === 'Cancelled';
  const isSilent = command.mode === 'long' && fraction(key, 8) < 0.3;
  const runMs = endMs - startMs;
  return {
    key,
    requestedMs,
    startMs,
    cancelMs: isCancelled ? Math.max(startMs, endMs - between(500, 60_000, fraction(key, 9))) : undefined,
    silence: isSilent ? { fromMs: startMs + runMs * 0.4, toMs: startMs + runMs * 0.5 } : undefined,
    endMs,
    status,
    details,
    trace: undefined,
    steps,
  };
}

function runsOn(command: CommandPlan, index: number, node: ManagedNode): boolean {
  const only = command.document.steps[index]?.only;
  return only === undefined || only === node.platform;
}

function traceOf(fate: Fate, key: number): string | undefined {
  if (fate.details === 'AccessDenied') return 'The document could not be fetched: AccessDenied';
  return fraction(key, 3) < 0.5 ? '' : undefined;
}

/** Most nodes answer within seconds. Some are switched off for hours, but are back before the command times out. */
function deliveryMs(key: number, timeoutMs: number): number {
  const kind = fraction(key, 4);
  const at = fraction(key, 5);
  if (kind < 0.86) return between(80, 3000, at);
  if (kind < 0.95) return between(5000, 90_000, at);
  return between(90_000, Math.min(timeoutMs * 0.9, 6 * HOUR_MS), at);
}

function planSteps(
  command: CommandPlan,
  key: number,
  fate: Fate,
  node: ManagedNode,
  startMs: number,
): readonly StepPlan[] {
  const { document } = command;
  let broken = -1;
  if (fate.status !== 'Success') {
    const run = document.steps.flatMap((_, index) => (runsOn(command, index, node) ? [index] : []));
    broken = run[Math.floor(fraction(key, 6) * run.length)] ?? -1;
  }
  let at = startMs;
  let isBroken = false;
  return document.steps.map((_, index): StepPlan => {
    const from = at;
    if (isBroken && fate.status !== 'Failed') {
      return {
        startMs: undefined,
        endMs: from,
        status: fate.status,
        details: fate.details,
        code: -1,
        isSkipped: false,
      };
    }
    if (!runsOn(command, index, node)) {
      return { startMs: from, endMs: from, status: 'Success', details: 'Success', code: 0, isSkipped: true };
    }
    at += stepMs(command, mix(key, 40 + index), fate, index === broken);
    if (index !== broken) {
      return { startMs: from, endMs: at, status: 'Success', details: 'Success', code: 0, isSkipped: false };
    }
    isBroken = true;
    const code = fate.status === 'Failed' ? pick([1, 1, 1, 2, 126, 127, 137, 255, 3010], fraction(key, 7)) : -1;
    return { startMs: from, endMs: at, status: fate.status, details: fate.details, code, isSkipped: false };
  });
}

function stepMs(command: CommandPlan, key: number, fate: Fate, isBroken: boolean): number {
  const at = fraction(key, 1);
  // The service's clock shows whole milliseconds.
  if (command.mode === 'long')
    return Math.floor(between(HOUR_MS, 12 * DAY_MS, at * at) / command.document.steps.length);
  if (isBroken && fate.details === 'ExecutionTimedOut') return Math.min(command.executionTimeoutMs, 4 * HOUR_MS);
  const [least, most] = command.document.takesMs;
  return between(least, most, at * at * at);
}
