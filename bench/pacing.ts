import { z } from 'zod';
import { type Benchmark, type Goal, whole } from './support/benchmark.ts';
import { startChild } from './support/start-child.ts';
import { CREDENTIALS, startService } from './support/start-service.ts';

const DEADLINE_MS = 40_000;
const WAYS = ['pacer', 'adaptive', 'standard'] as const;
/** Two pages for each of ten loops: as many as the burst allows at once. */
const SHORT_INVOCATIONS = 60;
const SERVICES = [
  { what: 'ten requests a second, burst 20', invocations: 600, faults: { requestsPerSecond: 10, burst: 20 } },
  { what: 'every fifth request throttled at random', invocations: 400, faults: { throttleRate: 0.2 } },
];
const Listed = z.object({
  seconds: z.number(),
  failedCalls: z.number(),
  pages: z.number(),
  isFinished: z.boolean(),
});

/** Compares the pacer with the SDK's own retry modes, with ten listings at once from a service that throttles. */
export const pacing: Benchmark = {
  name: 'pacing',
  about: "ten listings at once from a service that throttles, compared with the SDK's adaptive and standard modes",
  async run({ isShort, folder, say }) {
    Object.assign(process.env, CREDENTIALS);
    const goals: Goal[] = [];
    let pages = 0;
    for (const { what, invocations, faults } of SERVICES) {
      const runs = new Map<string, { secondsPerPage: number; throttled: number }>();
      const finished: number[] = [];
      for (const retries of WAYS) {
        const service = await startService(folder, isShort ? SHORT_INVOCATIONS : invocations, { faults });
        const child = await startChild(folder, 'list-at-once', { url: service.url, retries, deadlineMs: DEADLINE_MS });
        const listed = await child.ask(undefined, Listed);
        const { calls, throttles } = await service.stats();
        await child.end();
        await service.end();
        const sent = calls.ListCommandInvocations ?? 0;
        const end = listed.isFinished ? `done in ${listed.seconds.toFixed(1)} s` : 'NOT done';
        say(
          `${what}, ${retries}: ${whole(listed.pages)} pages, ${end}, ${whole(sent)} calls, ${Math.round((100 * throttles) / sent)} % throttled, ${listed.failedCalls} failed`,
        );
        if (listed.isFinished) finished.push(listed.pages);
        runs.set(retries, { secondsPerPage: listed.seconds / listed.pages, throttled: throttles / sent });
      }
      if (new Set(finished).size > 1)
        throw new Error(`${what}: not all modes listed the same number of pages: ${finished.join(', ')}.`);
      pages += finished.reduce((sum, count) => sum + count, 0);
      const time = (way: string) => runs.get(way)?.secondsPerPage ?? Number.NaN;
      goals.push(
        { what: `${what}: time, divided by that of the adaptive mode`, figure: time('pacer') / time('adaptive') },
        { what: `${what}: time, divided by that of the standard mode`, figure: time('pacer') / time('standard') },
      );
    }
    return {
      goals,
      compared: { rows: pages, what: 'pages, in the modes that listed all of them (only their number was compared)' },
    };
  },
};
