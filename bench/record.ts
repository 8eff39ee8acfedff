import { join } from 'node:path';
import { type Benchmark, median, whole } from './support/benchmark.ts';
import { startChild } from './support/start-child.ts';
import { Timed } from './support/time-pages.ts';

const INVOCATIONS = 1_000_000;
const BLOCK_PAGES = 400;
const FLATNESS_INVOCATIONS = 100_000;

/** Recording against bare inserts, in two processes that take turns block by block, so that both meet the same noise. */
export const record: Benchmark = {
  name: 'record',
  about: 'recording pages from memory, against bare better-sqlite3 inserts of the same rows',
  async run({ invocations = INVOCATIONS, folder, say }) {
    const ours = await startChild(folder, 'record-pages', { path: join(folder, 'ours.db'), invocations });
    const bare = await startChild(folder, 'insert-rows', { path: join(folder, 'bare.db'), invocations });
    const rounds: { ours: Timed; bare: Timed }[] = [];
    const blocks = Math.ceil(invocations / (BLOCK_PAGES * 50));
    for (let block = 0; block < blocks; block++) {
      const first = block % 2 === 0 ? await ours.ask(BLOCK_PAGES, Timed) : undefined;
      const rival = await bare.ask(BLOCK_PAGES, Timed);
      rounds.push({ ours: first ?? (await ours.ask(BLOCK_PAGES, Timed)), bare: rival });
    }
    await ours.end();
    await bare.end();

    const oursRounds = rounds.map((round) => round.ours);
    const bareRounds = rounds.map((round) => round.bare);
    const edge = Math.max(1, Math.round((FLATNESS_INVOCATIONS * Math.min(1, invocations / 1e6)) / (BLOCK_PAGES * 50)));
    const lastToFirst = (timed: Timed[]) => rate(timed.slice(-edge)) / rate(timed.slice(0, edge));
    const peakMb = Math.max(...oursRounds.map(({ peakRssBytes }) => peakRssBytes)) / 1e6;
    say(describe('ssm-archive', oursRounds));
    say(describe('bare inserts', bareRounds));
    say(`last block(s) against the first of the bare inserts: ${lastToFirst(bareRounds).toPrecision(3)}`);
    const cpu = median(rounds.map((round) => round.bare.cpuSeconds / round.ours.cpuSeconds));
    return [
      { what: 'rate against bare inserts', figure: rate(oursRounds) / rate(bareRounds), atLeast: 0.6 },
      {
        what: `the same, median of ${blocks} blocks`,
        figure: median(rounds.map((round) => rate([round.ours]) / rate([round.bare]))),
      },
      { what: 'the same by processor time', figure: cpu },
      {
        what: `rate of the last ${whole(edge * BLOCK_PAGES * 50)} against the first`,
        figure: lastToFirst(oursRounds),
        atLeast: 0.8,
      },
      { what: 'peak resident memory, MB', figure: peakMb, atMost: 250 },
    ];
  },
};

function describe(who: string, timed: Timed[]): string {
  const seconds = timed.reduce((sum, round) => sum + round.seconds, 0);
  const items = timed.reduce((sum, round) => sum + round.items, 0);
  return `${who}: ${whole(items)} invocations in ${seconds.toFixed(1)} s, ${whole(rate(timed))} a second`;
}

function rate(timed: Timed[]): number {
  const seconds = timed.reduce((sum, round) => sum + round.seconds, 0);
  return timed.reduce((sum, round) => sum + round.items, 0) / seconds;
}
