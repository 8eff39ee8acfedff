/** How long somebody waits for a work. */
export interface Bounds {
  /** From now; no deadline unless given. */
  deadlineMs?: number | undefined;
  /** Gives the work up. */
  signal?: AbortSignal | undefined;
}

/** Calls `end` once, when the deadline is over or the signal aborts, until what it returns is called. */
export function watchBounds({ deadlineMs, signal }: Bounds, end: (why: 'late' | 'aborted') => void): () => void {
  const release = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
  const endOnce = (why: 'late' | 'aborted') => {
    release();
    end(why);
  };
  const onAbort = () => endOnce('aborted');
  const timer = deadlineMs === undefined ? undefined : setTimeout(() => endOnce('late'), deadlineMs);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort);
  return release;
}
