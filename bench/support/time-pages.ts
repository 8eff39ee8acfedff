import { z } from 'zod';

/**
 * The result of so many pages: the time of the work alone, by the clock and by the processor, and the process's size.
 */
export const Timed = z.object({
  items: z.number(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  peakRssBytes: z.number(),
});
export type Timed = z.output<typeof Timed>;

/**
 * Answers "the next n pages": it does the work on each page and times that, but not the making of the page. Memory is
 * looked at after every page and includes the making of pages.
 */
export function timePages<Page extends { items: unknown[] }>(pages: Iterable<Page>, work: (page: Page) => void) {
  const iterator = pages[Symbol.iterator]();
  return (request: unknown): Timed => {
    const timed: Timed = { items: 0, seconds: 0, cpuSeconds: 0, peakRssBytes: 0 };
    for (let left = z.number().parse(request); left > 0; left--) {
      const { value: page, done } = iterator.next();
      if (done) break;
      const cpu = process.cpuUsage();
      const start = performance.now();
      work(page);
      timed.seconds += (performance.now() - start) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      timed.cpuSeconds += (user + system) / 1e6;
      timed.items += page.items.length;
      timed.peakRssBytes = Math.max(timed.peakRssBytes, process.memoryUsage.rss());
    }
    return timed;
  };
}
