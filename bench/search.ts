import SQLite from 'better-sqlite3';
import { parseSearch } from '../src/questions/parse-search.ts';
import { startClient } from './support/ask-server.ts';
import { type Benchmark, inMs, percentile, whole } from './support/benchmark.ts';
import { pagePath } from './support/draw-questions.ts';
import { serveArchive } from './support/serve-archive.ts';

const INVOCATIONS = 1_000_000;
const FULL = { rounds: 3, requests: 60 };
const SHORT = { rounds: 1, requests: 3 };
const MOST_SECONDS = 4;
const DRAWS = 20;

/** Searches in outputs: asks the server's readers for a page with the newest fifty invocations that match. */
export const search: Benchmark = {
  name: 'search',
  about: 'a page of 50 found by a rare, a usual and a frequent word, a phrase, a prefix',
  async run({ invocations = INVOCATIONS, isShort, folder, archiveOf, say }) {
    const { rounds, requests } = isShort ? SHORT : FULL;
    const path = await archiveOf(invocations);
    const kinds = drawSearches(path);
    const served = await serveArchive(path, folder);
    const client = await startClient(folder);
    for (const { what, searches, outputs } of kinds) {
      const paths = searches.map((q) => pagePath({ q }));
      const ms: number[] = [];
      for (let round = 0; round <= rounds; round++) {
        const asked = { url: served.url, paths, count: requests, mostSeconds: MOST_SECONDS, pauseMs: 0 };
        const answered = await client.latencies(asked);
        if (round > 0) ms.push(...answered);
      }
      say(
        `${what.padEnd(44)} in ${whole(outputs).padStart(9)} outputs: ${inMs(percentile(ms, 0.5)).padStart(8)}, p99 ${inMs(percentile(ms, 0.99)).padStart(8)}`,
      );
    }
    await client.end();
    await served.end();
    return { goals: [], compared: { nothing: 'there is no other program with this search' } };
  },
};

/** The texts to search for, and how many outputs match the first search of each kind. */
function drawSearches(path: string) {
  const sqlite = new SQLite(path, { readonly: true });
  const last = Number(sqlite.prepare('SELECT max(id) FROM outputs').pluck().get());
  const textFrom = sqlite
    .prepare<[number, string], string>('SELECT text FROM outputs WHERE id >= ? AND text LIKE ? LIMIT 1')
    .pluck();
  const draw = (like: string, pattern: RegExp) =>
    Array.from({ length: DRAWS }, (_, n) => {
      const text = textFrom.get(Math.floor((last * n) / DRAWS), like) ?? '';
      return pattern.exec(text)?.[1] ?? [];
    }).flat();
  const count = sqlite.prepare<[string], number>('SELECT count(*) FROM outputs_fts WHERE outputs_fts MATCH ?').pluck();
  const kinds = [
    { what: 'a word of one output (a request id)', searches: draw('%: % request %', /request ([0-9a-f]{6,})/) },
    { what: "a usual word (a node's name)", searches: draw('%Baseline payload%', /region, (\S+)/) },
    { what: 'a frequent word (nginx)', searches: ['nginx'] },
    { what: 'the most frequent word (amzn2)', searches: ['amzn2'] },
    { what: 'a phrase ("units need a reload")', searches: ['"units need a reload"'] },
    { what: 'a prefix (EC2AMAZ-A*)', searches: ['EC2AMAZ-A*'] },
    { what: 'two frequent words (nginx auditd)', searches: ['nginx auditd'] },
    { what: 'a frequent word in outputs without another word (nginx NOT info)', searches: ['nginx NOT info'] },
  ];
  const counted = kinds.map((kind) => ({
    ...kind,
    outputs: Number(count.get(parseSearch(kind.searches[0] ?? 'none'))),
  }));
  sqlite.close();
  return counted;
}
