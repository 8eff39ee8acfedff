import { constants } from 'node:os';

/** The signals that ask a process to stop. They come from Ctrl-C, a service manager, or a terminal that is closed. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** Calls the listener at each of these signals instead of ending the process. The returned function stops that. */
export function onStopSignal(listener: (name: StopSignal) => void): () => void {
  const listeners = STOP_SIGNALS.map((name) => [name, () => listener(name)] as const);
  for (const [name, hear] of listeners) process.on(name, hear);
  return () => {
    for (const [name, hear] of listeners) process.off(name, hear);
  };
}

/**
 * Ignores stop signals, for a process that its parent ends. Terminals and service managers signal all processes, and
 * this one would die while the parent still needs it.
 */
export function outliveStopSignals(): void {
  onStopSignal(() => {});
}

/** Returns the exit code that tells a shell which signal ended the process. */
export function exitCodeOf(name: StopSignal): number {
  return 128 + constants.signals[name];
}
