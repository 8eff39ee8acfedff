import { type Client, startClient } from './support/ask-server.ts';
import { type Benchmark, inMs, median, percentile, whole } from './support/benchmark.ts';
import { drawQuestions, pagePath } from './support/draw-questions.ts';
import { serveArchive } from './support/serve-archive.ts';
import { walkTo } from './support/walk-pages.ts';

const INVOCATIONS = 1_000_000;
const GROWTH = 5;
/** Each of `depthRounds` rounds asks for `pagesEach` pages far down the list. */
const FULL = { rounds: 4, requests: 80, pagesEach: 40, depthRounds: 10 };
const SHORT = { rounds: 1, requests: 2, pagesEach: 2, depthRounds: 1 };
/** How many requests a round makes for each kind of question: fewer for slow kinds. */
const MOST_SECONDS = 1.5;
const DEEP_PAGES = 10_000;
const SORTS = ['-requestedAt', '-changedAt'];

/**
 * Asks over HTTP for pages with every filter, in turn from an archive and from one that is a fifth as large. Also asks
 * for pages far down the list.
 */
export const questions: Benchmark = {
  name: 'questions',
  about: 'a page of 50 by each filter, compared with an archive a fifth as large; and pages after the first 10,000',
  async run({ invocations = INVOCATIONS, isShort, folder, archiveOf, say }) {
    const { rounds, requests, pagesEach, depthRounds } = isShort ? SHORT : FULL;
    const less = Math.round(invocations / GROWTH);
    const paths = { small: await archiveOf(less), large: await archiveOf(invocations) };
    const small = await serveArchive(paths.small, folder);
    const large = await serveArchive(paths.large, folder);
    const client = await startClient(folder);

    say(`${'p50 and p99 at'.padEnd(32)} ${whole(less).padStart(20)} ${whole(invocations).padStart(20)}  growth of p50`);
    const smallQuestions = drawQuestions(paths.small);
    const growth: { isIndexed: boolean; ratio: number }[] = [];
    for (const { name, paths: asked, isIndexed } of drawQuestions(paths.large)) {
      const other = smallQuestions.find((question) => question.name === name)?.paths ?? asked;
      const sides: Sides = [
        { url: small.url, paths: other },
        { url: large.url, paths: asked },
      ];
      const [before, after] = await takeTurns(client, sides, { rounds, requests });
      const ratio = median(after) / median(before);
      growth.push({ isIndexed, ratio });
      say(
        `${name.padEnd(32)} ${both(before).padStart(20)} ${both(after).padStart(20)}  ${ratio.toPrecision(3)}${isIndexed ? '' : ' (a walk)'}`,
      );
    }

    const depth: { sort: string; ratio: number; pages: number }[] = [];
    for (const sort of SORTS) {
      const first = await walkTo(large.url, { sort }, 0, pagesEach);
      const pages = Math.min(DEEP_PAGES, Math.floor(invocations / 50) - 2 * pagesEach);
      const deep = await walkTo(large.url, { sort }, pages, pagesEach);
      const of = (cursors: string[]) => cursors.map((cursor) => pagePath({ sort, ...(cursor !== '' && { cursor }) }));
      const sides: Sides = [
        { url: large.url, paths: of(first) },
        { url: large.url, paths: of(deep) },
      ];
      const [shallow, far] = await takeTurns(client, sides, { rounds: depthRounds, requests });
      say(`${sort}: the first pages ${both(shallow)}, the pages from number ${whole(pages)} on ${both(far)}`);
      depth.push({ sort, pages, ratio: median(far) / median(shallow) });
    }
    await client.end();
    await small.end();
    await large.end();
    const indexed = growth.filter(({ isIndexed }) => isIndexed).map(({ ratio }) => ratio);
    const goals = [
      ...depth.map(({ sort, pages, ratio }) => ({
        ...{
          what: `p50 after ${whole(pages)} pages, divided by p50 of the first pages, ${sort}`,
          figure: ratio,
          atMost: 1.25,
        },
      })),
      {
        what: `growth of p50 with ${GROWTH} times the rows, median of the ${indexed.length} kinds that an index answers`,
        figure: median(indexed),
        atMost: 1.25,
      },
      { what: 'growth of p50 in the worst kind that an index answers', figure: Math.max(...indexed), atMost: 1.5 },
      { what: 'growth of p50 in the worst of all kinds', figure: Math.max(...growth.map(({ ratio }) => ratio)) },
    ];
    return { goals, compared: { nothing: 'both archives are served by ssm-archive, and have different rows' } };
  },
};

type Sides = [{ url: string; paths: string[] }, { url: string; paths: string[] }];

/** Returns the latencies of each server, in order. The first round is not counted. */
async function takeTurns(
  client: Client,
  sides: Sides,
  { rounds, requests }: { rounds: number; requests: number },
): Promise<[number[], number[]]> {
  const latencies: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const ms = await client.latencies({ ...sides[side], count: requests, mostSeconds: MOST_SECONDS, pauseMs: 0 });
      if (round > 0) latencies[side].push(...ms);
    }
  }
  return latencies;
}

function both(ms: number[]): string {
  return `${inMs(percentile(ms, 0.5))}, ${inMs(percentile(ms, 0.99))}`;
}
