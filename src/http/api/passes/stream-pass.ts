import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Passes, PassView } from '../../../model/coverage/passes.ts';

export interface StreamPassDeps {
  passes: Pick<Passes, 'follow'>;
  /** How often a stream without events sends a comment, to show that the server still runs. */
  heartbeatMs: number;
  /** Ends all streams when the server stops. */
  signal: AbortSignal | undefined;
}

/**
 * Sends the state of a pass as server-sent events: `progress` at once and at each change, and `end` with the last
 * state. A reader that is slower than the changes gets only the newest state. If a reader goes away, its stream ends.
 */
export function streamPass(c: Context, { passes, heartbeatMs, signal }: StreamPassDeps, begun: PassView): Response {
  return streamSSE(c, async (stream) => {
    let view = begun;
    let isNews = true;
    let isOver = signal?.aborted ?? false;
    let wake = () => {};
    const end = () => {
      isOver = true;
      wake();
    };
    const unfollow = passes.follow(begun.id, (next) => {
      view = next;
      isNews = true;
      wake();
    });
    stream.onAbort(end);
    signal?.addEventListener('abort', end);
    try {
      while (!isOver) {
        if (isNews) {
          isNews = false;
          isOver = view.state !== 'running';
          const data = JSON.stringify(view);
          await stream.writeSSE({ event: 'progress', data });
          if (isOver) await stream.writeSSE({ event: 'end', data });
        } else {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, heartbeatMs);
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
          if (!isNews && !isOver) await stream.write(': nothing new\n\n');
        }
      }
    } finally {
      unfollow();
      signal?.removeEventListener('abort', end);
    }
  });
}
