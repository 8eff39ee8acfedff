import { join } from 'node:path';
import { z } from 'zod';
import { Timed } from './recording/time-replies.ts';
import { type Benchmark, median, whole } from './support/benchmark.ts';
import { startChild } from './support/start-child.ts';

const INVOCATIONS = 100_000;
const ROUNDS = 3;
const SHORT_ROUNDS = 1;
const Passes = z.object({ first: Timed, second: Timed, rowsWritten: z.number(), walBytes: z.number() });

/** Compares a pass over data that the archive already has with the earlier pass that recorded this data. */
export const unchanged: Benchmark = {
  name: 'unchanged',
  about: 'recording the same replies a second time, compared with the first time',
  async run({ invocations = INVOCATIONS, isShort, folder, say }) {
    const rounds = isShort ? SHORT_ROUNDS : ROUNDS;
    const ratios: number[] = [];
    let rowsWritten = 0;
    let walBytes = 0;
    for (let round = 1; round <= rounds; round++) {
      const child = await startChild(folder, 'record-twice', { path: join(folder, `${round}.db`), invocations });
      const passes = await child.ask(undefined, Passes);
      await child.end();
      const [first, second] = [passes.first, passes.second].map(({ items, seconds }) => items / seconds);
      say(`${whole(invocations)} invocations: ${whole(first ?? 0)} a second, then ${whole(second ?? 0)} a second`);
      ratios.push((second ?? 0) / (first ?? 0));
      rowsWritten += passes.rowsWritten;
      walBytes += passes.walBytes;
    }
    const goals = [
      {
        what: `rate of the second pass, divided by that of the first, median of ${rounds}`,
        figure: median(ratios),
        atLeast: 5,
      },
      { what: 'rows that the second passes wrote (total_changes)', figure: rowsWritten, atMost: 0 },
      { what: 'bytes that the second passes wrote to the -wal', figure: walBytes, atMost: 0 },
    ];
    return { goals, compared: { nothing: 'both passes are by ssm-archive, and record the same replies' } };
  },
};
