import { runQueue } from './run-queue.ts';

interface StreamOptions {
  /** How many items are worked on at once. */
  atOnce: number;
  /** When this signal aborts, the work's own signal aborts too. The work decides how to end. */
  signal: AbortSignal;
}

/**
 * Works through a queue as runQueue does, and yields the work's reports in their order. The work's signal aborts with
 * the caller's signal, at the first rejection, and when the reader of this generator stops early. Reports from before a
 * rejection are yielded first; then the rejection is thrown.
 */
export async function* streamQueue<Item, Told>(
  queue: Item[],
  { atOnce, signal }: StreamOptions,
  work: (item: Item, tell: (told: Told) => void, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<Told> {
  const ending = new AbortController();
  const ends = AbortSignal.any([signal, ending.signal]);
  const waiting: Told[] = [];
  let isOver = false;
  let wake = () => {};
  const tell = (told: Told) => {
    waiting.push(told);
    wake();
  };
  const end = () => {
    isOver = true;
    wake();
  };
  const running = runQueue(queue, atOnce, async (item) => {
    try {
      await work(item, tell, ends);
    } catch (error) {
      ending.abort();
      throw error;
    }
  });
  running.then(end, end);
  try {
    for (;;) {
      while (waiting.length > 0) yield* waiting.splice(0);
      if (isOver) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    await running;
  } finally {
    // If the reader stopped early, the running work is ended and no more is started.
    queue.splice(0);
    ending.abort();
    await Promise.allSettled([running]);
  }
}
