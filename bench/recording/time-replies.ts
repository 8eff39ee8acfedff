import { z } from 'zod';

/**
 * The result for a group of replies: the time that the work alone took, by the clock and by the processor, and the
 * process's memory.
 */
export const Timed = z.object({
  items: z.number(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  peakRssBytes: z.number(),
});
export type Timed = z.output<typeof Timed>;

/**
 * Answers a request to handle the next n replies: does the work on each and times it. Making the replies is not timed.
 * Memory is measured after every reply, and includes what making the replies needs.
 */
export function timeReplies<Reply extends { items: unknown[] }>(
  replies: Iterable<Reply>,
  work: (reply: Reply) => void,
) {
  const iterator = replies[Symbol.iterator]();
  return (request: unknown): Timed => {
    const timed: Timed = { items: 0, seconds: 0, cpuSeconds: 0, peakRssBytes: 0 };
    for (let left = z.number().parse(request); left > 0; left--) {
      const { value: reply, done } = iterator.next();
      if (done) break;
      const cpu = process.cpuUsage();
      const start = performance.now();
      work(reply);
      timed.seconds += (performance.now() - start) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      timed.cpuSeconds += (user + system) / 1e6;
      timed.items += reply.items.length;
      timed.peakRssBytes = Math.max(timed.peakRssBytes, process.memoryUsage.rss());
    }
    return timed;
  };
}
