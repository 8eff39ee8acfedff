const FINAL = new Set(['Success', 'Cancelled', 'TimedOut', 'Failed']);

/** Whether a Status is one that no invocation leaves. */
export function hasEnded(status: string | null): boolean {
  return status !== null && FINAL.has(status);
}
