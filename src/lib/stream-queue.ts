import { runQueue } from './run-queue.ts';

interface StreamOptions {
  /** How many items are worked on at the same time. */
  atOnce: number;
  /** Aborts the signal that the work is given. What the work makes of that is its own. */
  signal: AbortSignal;
}

/**
 * Works through a queue as runQueue does, and yields what the work tells, in the order in which it was told. The signal that the work is
 * given aborts with the caller's, at the first rejection, and when the reader stops early. What was told before a rejection is yielded
 * first; then the rejection is thrown.
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
    // A reader that has stopped early wants nothing more: what is under way ends, and nothing more begins.
    queue.splice(0);
    ending.abort();
    await Promise.allSettled([running]);
  }
}
