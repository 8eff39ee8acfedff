import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { startClient } from './support/ask-server.ts';
import { type Benchmark, inMs, median } from './support/benchmark.ts';
import { cpuSecondsOf } from './support/cpu-seconds.ts';
import { drawInvocations, pagePath } from './support/draw-questions.ts';
import { fetchJson } from './support/fetch-json.ts';
import { serveArchive } from './support/serve-archive.ts';
import { missingDatasette, serveDatasette } from './support/serve-datasette.ts';

const INVOCATIONS = 1_000_000;
const FULL = { rounds: 5, seconds: 4 };
const SHORT = { rounds: 1, seconds: 0.3 };
const CONNECTIONS = 4;
const WORD = 'nginx';
const Ours = z.looseObject({ items: z.array(z.looseObject({ commandId: z.string(), instanceId: z.string() })) });
const Theirs = z.looseObject({ rows: z.array(z.looseObject({ command_id: z.string(), instance_id: z.string() })) });

/** The same question, as each server is asked. Paths of Datasette begin after the name of the file. */
interface Question {
  ours: string[];
  datasette: string[];
  /** Whether both answer with the same invocations in JSON, so that they can be compared. */
  isComparable: boolean;
}

/** Asks both servers over the same file for lists, a search and pages, in turns. */
export const datasette: Benchmark = {
  name: 'datasette',
  about: 'lists, a search and pages of the console, compared with Datasette over the same file',
  async run({ invocations = INVOCATIONS, isShort, folder, archiveOf, say }) {
    const missing = missingDatasette();
    if (missing) return { missing };
    const { rounds, seconds } = isShort ? SHORT : FULL;
    const path = await archiveOf(invocations);
    const served = await serveArchive(path, folder);
    const rival = await serveDatasette(path);
    const client = await startClient(folder);
    const goals = [];
    let rows = 0;
    for (const [what, { ours, datasette, isComparable }] of Object.entries(questionsOf(path))) {
      if (isComparable) rows += await compareFirst(served.url + ours[0], rival.url + datasette[0]);
      const sides = [
        { ...{ url: served.url, pid: served.pid, paths: ours }, rates: [] as number[], cpuMs: [] as number[] },
        { ...{ url: rival.url, pid: rival.pid, paths: datasette }, rates: [] as number[], cpuMs: [] as number[] },
      ] as const;
      for (let round = 0; round <= rounds; round++) {
        for (const { url, pid, paths, rates, cpuMs } of sides) {
          const before = cpuSecondsOf(pid);
          const load = await client.load({ url, paths, connections: CONNECTIONS, seconds });
          if (round === 0) continue;
          rates.push(load.requests / load.seconds);
          cpuMs.push(((cpuSecondsOf(pid) - before) * 1000) / load.requests);
        }
      }
      const of = ({ rates, cpuMs }: (typeof sides)[number]) =>
        `${median(rates).toPrecision(3)} a second, ${inMs(median(cpuMs))} of processor time each`;
      say(`${what}: ssm-archive ${of(sides[0])}; Datasette ${of(sides[1])}`);
      goals.push({
        what: `${what}: rate, divided by Datasette's, median of ${rounds}`,
        figure: median(sides[0].rates.map((rate, n) => rate / (sides[1].rates[n] ?? Number.NaN))),
        atLeast: 5,
      });
    }
    await client.end();
    await rival.end();
    await served.end();
    return { goals, compared: { rows, what: 'invocations of lists and of a search' } };
  },
};

function questionsOf(path: string): Readonly<Record<string, Question>> {
  const drawn = drawInvocations(path);
  const newest = 'ORDER BY requested_at DESC, id DESC LIMIT 50';
  const found = `SELECT * FROM invocations WHERE id IN (SELECT p.invocation_id FROM plugins p
    WHERE p.output_id IN (SELECT rowid FROM outputs_fts WHERE outputs_fts MATCH '${WORD}')) ${newest}`;
  const sql = (query: string) => `.json?${new URLSearchParams({ sql: query, _shape: 'objects' })}`;
  const table = (more: Record<string, string>) =>
    `/invocations.json?${new URLSearchParams({ ...more, _size: '50', _nocount: '1', _nofacet: '1', _shape: 'objects' })}`;
  const ofNode = drawn.map(({ instance_id: instanceId }) => instanceId);
  return {
    'the newest 50, by Datasette as SQL': {
      ours: [pagePath({})],
      datasette: [sql(`SELECT * FROM invocations ${newest}`)],
      isComparable: true,
    },
    'the newest 50, by Datasette as a table': {
      ours: [pagePath({})],
      datasette: [table({ _sort_desc: 'requested_at' })],
      isComparable: false,
    },
    '50 of one node, by Datasette as SQL': {
      ours: ofNode.map((instanceId) => pagePath({ instanceId })),
      datasette: ofNode.map((node) => sql(`SELECT * FROM invocations WHERE instance_id = '${node}' ${newest}`)),
      isComparable: true,
    },
    '50 of one node, by Datasette as a table': {
      ours: ofNode.map((instanceId) => pagePath({ instanceId })),
      datasette: ofNode.map((node) => table({ instance_id: node, _sort_desc: 'requested_at' })),
      isComparable: false,
    },
    'the newest 50 with a word in an output, by Datasette as SQL': {
      ours: [pagePath({ q: WORD })],
      datasette: [sql(found)],
      isComparable: true,
    },
    'the page with the newest 50 in HTML': {
      ours: ['/invocations'],
      datasette: [`/invocations?${new URLSearchParams({ _sort_desc: 'requested_at', _size: '50', _nocount: '1' })}`],
      isComparable: false,
    },
    "the page of one node's newest 50 in HTML": {
      ours: ofNode.map((instanceId) => `/invocations?${new URLSearchParams({ instanceId })}`),
      datasette: ofNode.map(
        (node) => `/invocations?${new URLSearchParams({ instance_id: node, _sort_desc: 'requested_at', _size: '50' })}`,
      ),
      isComparable: false,
    },
  };
}

/** Throws if the two answers have other invocations, or others' order. Returns how many they have. */
async function compareFirst(ours: string, theirs: string): Promise<number> {
  const mine = Ours.parse(await fetchJson(ours)).items.map((item) => [item.commandId, item.instanceId]);
  const rows = Theirs.parse(await fetchJson(theirs)).rows.map((row) => [row.command_id, row.instance_id]);
  if (!isDeepStrictEqual(mine, rows)) throw new Error(`${ours}: Datasette answers with other invocations.`);
  return mine.length;
}
