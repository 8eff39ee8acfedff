import { constants } from 'node:os';

/** The signals that ask a process to stop. They come from Ctrl-C, a service manager, or a terminal that is closed. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/**
 * Calls the listener at each of these signals, which then no longer end the process. The returned function removes the
 * listener.
 */
export function onStopSignal(listener: (name: StopSignal) => void): () => void {
  const listeners = STOP_SIGNALS.map((name) => [name, () => listener(name)] as const);
  for (const [name, hear] of listeners) process.on(name, hear);
  return () => {
    for (const [name, hear] of listeners) process.off(name, hear);
  };
}

/**
 * Ignores stop signals, for a process that its parent ends. Terminals and service managers send signals to all
 * processes, and this process would die while its parent still needs it.
 */
export function outliveStopSignals(): void {
  onStopSignal(() => {});
}

/** Returns the exit code that tells a shell which signal ended the process. */
export function exitCodeOf(name: StopSignal): number {
  return 128 + constants.signals[name];
}
