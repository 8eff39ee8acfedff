/** When a caller stops waiting for work. */
export interface Bounds {
  /** The deadline in milliseconds from now. If absent, there is none. */
  deadlineMs?: number | undefined;
  /** When this signal aborts, the caller stops waiting. */
  signal?: AbortSignal | undefined;
}

/** Calls `end` once, when the deadline has passed or the signal aborts. The returned function cancels that. */
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
