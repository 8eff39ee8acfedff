import { join } from 'node:path';
import { z } from 'zod';
import { compareTables } from './recording/compare-tables.ts';
import { Timed } from './recording/time-replies.ts';
import { type Benchmark, median, whole } from './support/benchmark.ts';
import { startChild } from './support/start-child.ts';

const INVOCATIONS = 1_000_000;
const BLOCK_REPLIES = 400;
/** This many replies arrive together in a pass over one account, with the default settings and a busy collector. */
const REPLIES_TOGETHER = 8;
const FLATNESS_INVOCATIONS = 100_000;

/** The ways to record that are compared, and how many replies each way puts into one transaction. */
const WHO = {
  ours: { what: 'ssm-archive', child: 'record-replies', repliesATransaction: REPLIES_TOGETHER },
  bare: { what: 'bare inserts, one reply in each transaction', child: 'insert-rows', repliesATransaction: 1 },
  together: {
    what: `bare inserts, ${REPLIES_TOGETHER} replies in each transaction`,
    child: 'insert-rows',
    repliesATransaction: REPLIES_TOGETHER,
  },
} as const;

/**
 * Compares recording with bare inserts. The processes take turns block by block, so that noise affects all of them
 * equally.
 */
export const record: Benchmark = {
  name: 'record',
  about: 'recording replies from memory, compared with bare better-sqlite3 inserts of the same rows',
  async run({ invocations = INVOCATIONS, folder, say }) {
    const from = join(folder, 'replies');
    const writer = await startChild(folder, 'write-replies', { path: from, invocations });
    await writer.ask(undefined, z.null());
    await writer.end();

    const start = async (who: keyof typeof WHO) => {
      const { child, repliesATransaction } = WHO[who];
      const input = { path: join(folder, `${who}.db`), from, repliesATransaction };
      return {
        who,
        path: input.path,
        repliesATransaction,
        timed: [] as Timed[],
        process: await startChild(folder, child, input),
      };
    };
    const [ours, bare, together] = [await start('ours'), await start('bare'), await start('together')] as const;
    const blocks = Math.ceil(invocations / (BLOCK_REPLIES * 50));
    for (let block = 0; block < blocks; block++) {
      const inTurn = block % 2 === 0 ? [ours, bare, together] : [together, bare, ours];
      for (const { process, repliesATransaction, timed } of inTurn)
        timed.push(await process.ask(BLOCK_REPLIES / repliesATransaction, Timed));
    }
    for (const { who, timed, process } of [ours, bare, together]) {
      await process.end();
      say(recordedSentence(WHO[who].what, timed));
    }

    const rows = compareTables(ours.path, bare.path);
    const edge = Math.max(
      1,
      Math.round((FLATNESS_INVOCATIONS * Math.min(1, invocations / 1e6)) / (BLOCK_REPLIES * 50)),
    );
    const lastToFirst = (timed: Timed[]) => rate(timed.slice(-edge)) / rate(timed.slice(0, edge));
    const peakMb = Math.max(...ours.timed.map(({ peakRssBytes }) => peakRssBytes)) / 1e6;
    const against = (rival: Timed[]) =>
      ours.timed.map((timed, block) => rate([timed]) / rate(rival.slice(block, block + 1)));
    say(
      `rate of the bare inserts in the last block(s), divided by the rate in the first: ${lastToFirst(bare.timed).toPrecision(3)}`,
    );
    const goals = [
      {
        what: 'rate, divided by that of bare inserts, one reply in each transaction',
        figure: rate(ours.timed) / rate(bare.timed),
        atLeast: 0.6,
      },
      { what: `this ratio for each block, median of ${blocks} blocks`, figure: median(against(bare.timed)) },
      {
        what: 'rate, divided by that of bare inserts in transactions as large as those of ssm-archive',
        figure: rate(ours.timed) / rate(together.timed),
      },
      {
        what: `rate of the last ${whole(edge * BLOCK_REPLIES * 50)} invocations, divided by that of the first`,
        figure: lastToFirst(ours.timed),
        atLeast: 0.8,
      },
      { what: 'peak resident memory, MB', figure: peakMb, atMost: 250 },
    ];
    return { goals, compared: { rows, what: 'rows' } };
  },
};

function recordedSentence(who: string, timed: Timed[]): string {
  const seconds = timed.reduce((sum, round) => sum + round.seconds, 0);
  const items = timed.reduce((sum, round) => sum + round.items, 0);
  const cpuSeconds = timed.reduce((sum, round) => sum + round.cpuSeconds, 0);
  const rates = `${whole(rate(timed))} a second, ${whole((1e6 * cpuSeconds) / items)} µs of processor time each`;
  return `${who}: ${whole(items)} invocations in ${seconds.toFixed(1)} s, ${rates}`;
}

function rate(timed: Timed[]): number {
  const seconds = timed.reduce((sum, round) => sum + round.seconds, 0);
  return timed.reduce((sum, round) => sum + round.items, 0) / seconds;
}
