import { constants } from 'node:os';

/** What tells a process to stop: Ctrl-C, a service manager, and a terminal that hangs up. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** Calls the listener at each of these signals, in place of the process's end, until what it returns is called. */
export function onStopSignal(listener: (name: StopSignal) => void): () => void {
  const listeners = STOP_SIGNALS.map((name) => [name, () => listener(name)] as const);
  for (const [name, hear] of listeners) process.on(name, hear);
  return () => {
    for (const [name, hear] of listeners) process.off(name, hear);
  };
}

/**
 * For a process that another one ends: a terminal and a service manager send their signals to all processes, and it would die in the middle
 * of what its parent still wants of it.
 */
export function outliveStopSignals(): void {
  onStopSignal(() => {});
}

/** The exit code by which a shell knows a process that a signal ended. */
export function exitCodeOf(name: StopSignal): number {
  return 128 + constants.signals[name];
}
