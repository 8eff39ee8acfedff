import { join } from 'node:path';
import { z } from 'zod';
import { compareTables } from './recording/compare-tables.ts';
import { Timed } from './recording/time-replies.ts';
import { type Benchmark, inMs, median, percentile, whole } from './support/benchmark.ts';
import { startChild } from './support/start-child.ts';

const INVOCATIONS = 200_000;
const BLOCK_REPLIES = 200;
const REPLIES_TOGETHER = 8;
const LEAVES = 10_000_000;
const SHORT_LEAVES = 100_000;
const Proofs = z.object({ inclusionMs: z.array(z.number()), consistencyMs: z.array(z.number()) });

/** Measures recording with and without the ledger, in turns, and then proofs from a ledger of ten million leaves. */
export const ledger: Benchmark = {
  name: 'ledger',
  about: 'recording with the ledger, compared with recording without it; proofs from a ledger of ten million leaves',
  async run({ invocations = INVOCATIONS, isShort, folder, say }) {
    const from = join(folder, 'replies');
    const writer = await startChild(folder, 'write-replies', { path: from, invocations });
    await writer.ask(undefined, z.null());
    await writer.end();
    const start = async (name: string, replaced: Readonly<Record<string, string>>) => ({
      timed: [] as Timed[],
      process: await startChild(
        folder,
        'record-replies',
        { path: join(folder, `${name}.db`), from, repliesATransaction: REPLIES_TOGETHER },
        replaced,
      ),
    });
    const withLedger = await start('with', {});
    const without = await start('without', {
      'ledger/create-ledger.ts': 'no-ledger.ts',
      'ledger/entries/entries.ts': 'no-ledger.ts',
    });
    const blocks = Math.ceil(invocations / (BLOCK_REPLIES * 50));
    for (let block = 0; block < blocks; block++) {
      for (const { process, timed } of block % 2 === 0 ? [withLedger, without] : [without, withLedger])
        timed.push(await process.ask(BLOCK_REPLIES / REPLIES_TOGETHER, Timed));
    }
    for (const { process } of [withLedger, without]) await process.end();
    const ratios = withLedger.timed.map((ours, n) => rateOf(ours) / rateOf(without.timed[n] ?? ours));
    say(
      `with the ledger ${whole(median(withLedger.timed.map(rateOf)))} a second; without ${whole(median(without.timed.map(rateOf)))}`,
    );

    const rows = compareTables(join(folder, 'with.db'), join(folder, 'without.db'));
    const leaves = isShort ? SHORT_LEAVES : LEAVES;
    const prover = await startChild(folder, 'prove-leaves', { path: join(folder, 'tiles.db'), leaves });
    const { inclusionMs, consistencyMs } = await prover.ask(undefined, Proofs);
    await prover.end();
    const told = (ms: number[]) => `p50 ${inMs(median(ms))}, p99 ${inMs(percentile(ms, 0.99))}`;
    say(
      `in a ledger of ${whole(leaves)} leaves: an inclusion proof ${told(inclusionMs)}; a consistency proof ${told(consistencyMs)}`,
    );
    const goals = [
      {
        what: `rate with the ledger, divided by the rate without it, median of ${blocks} blocks`,
        figure: median(ratios),
        atLeast: 0.85,
      },
    ];
    return { goals, compared: { rows, what: 'rows' } };
  },
};

function rateOf({ items, seconds }: Timed): number {
  return items / seconds;
}
