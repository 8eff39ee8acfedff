/**
 * Works through a queue in order, `atOnce` items at a time. The work may add to the queue. After the first rejection no
 * more work starts; once all started work has ended, that rejection is thrown.
 */
export async function runQueue<T>(queue: T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const active = new Set<Promise<void>>();
  try {
    while (queue.length > 0 || active.size > 0) {
      while (queue.length > 0 && active.size < atOnce) {
        const [item] = queue.splice(0, 1) as [T];
        const running: Promise<void> = work(item).finally(() => active.delete(running));
        active.add(running);
      }
      await Promise.race(active);
    }
  } finally {
    await Promise.allSettled(active);
  }
}
