import SQLite from 'better-sqlite3';
import { z } from 'zod';
import { OUTPUT_MEMBER, SHOWN_MEMBERS, SHOWN_STEP_MEMBERS } from '../src/archive/invocations/invocation-view.ts';
import { startClient } from './support/ask-server.ts';
import { type Benchmark, median, whole } from './support/benchmark.ts';
import { fetchJson } from './support/fetch-json.ts';
import { missingSqlite3 } from './support/missing-sqlite3.ts';
import { serveArchive } from './support/serve-archive.ts';
import { timeCommands } from './support/time-commands.ts';

const INVOCATIONS = 1_000_000;
const ROUNDS = 4;
const SHORT_ROUNDS = 1;
const Log = z.object({ items: z.array(z.object({ path: z.string(), rows: z.number().nullable() })) });

const columns = SHOWN_MEMBERS.map(([member, column]) => `i.${column} AS ${member}`);
const stepColumns = [...SHOWN_STEP_MEMBERS, OUTPUT_MEMBER].map(([member, sql]) => `${sql} AS "plugin_${member}"`);
const ORDER = 'ORDER BY i.requested_at DESC, i.id DESC';
const steps = 'LEFT JOIN plugins p ON p.invocation_id = i.id LEFT JOIN outputs o ON o.id = p.output_id';
/**
 * Each export, with a query that returns the same columns and rows in the same order, and with its `goal` if there is
 * one.
 */
const EXPORTS = [
  {
    ...{ what: 'all invocations', path: '/v1/invocations?format=csv', goal: 0.7 },
    sql: `SELECT ${columns.join(', ')} FROM invocations i INDEXED BY invocations_requested_at ${ORDER}`,
  },
  {
    ...{ what: "one document's", path: '/v1/invocations?format=csv&documentName=AWS-RunPatchBaseline', goal: 0.7 },
    sql: `SELECT ${columns.join(', ')} FROM invocations i INDEXED BY invocations_document
            WHERE i.document_name = 'AWS-RunPatchBaseline' ${ORDER}`,
  },
  {
    ...{
      what: "one document's steps with outputs",
      path: '/v1/invocations?format=csv&include=outputs&documentName=AWS-RunPatchBaseline',
      goal: 0.7,
    },
    sql: `SELECT ${[...columns, ...stepColumns].join(', ')} FROM invocations i INDEXED BY invocations_document ${steps}
            WHERE i.document_name = 'AWS-RunPatchBaseline' ${ORDER}, p.position`,
  },
];

/** Reads CSV over HTTP and drops it. Debian's sqlite3 writes the same rows into /dev/null. */
export const exporting: Benchmark = {
  name: 'export',
  about: 'CSV over HTTP, compared with `sqlite3 -csv` with the same query',
  async run({ invocations = INVOCATIONS, isShort, folder, archiveOf, say }) {
    const missing = missingSqlite3();
    if (missing) return { missing };
    const rounds = isShort ? SHORT_ROUNDS : ROUNDS;
    const path = await archiveOf(invocations);
    const served = await serveArchive(path, folder);
    const client = await startClient(folder);
    const goals = [];
    let compared = 0;
    for (const { what, path: asked, sql, goal } of EXPORTS) {
      const turns: { ours: number; rival: number }[] = [];
      const download = async () => (await client.download({ url: served.url, path: asked })).seconds;
      for (let round = 0; round <= rounds; round++) {
        const first = round % 2 === 0 ? await download() : undefined;
        const line = `sqlite3 -csv -header -readonly '${path}' "${sql.replaceAll('"', '\\"')}"`;
        const { seconds: rival } = await timeCommands(line, {}, folder);
        const ours = first ?? (await download());
        // The first run brings the file into memory and is not counted.
        if (round > 0) turns.push({ ours, rival });
      }
      const rows = await rowsOfLast(served.url);
      const expected = countRows(path, sql);
      if (rows !== expected) throw new Error(`${what}: the export has ${rows} rows, and the query ${expected}.`);
      compared += rows;
      const rate = (side: 'ours' | 'rival') => whole(rows / median(turns.map((turn) => turn[side])));
      say(`${what}, ${whole(rows)} rows: ssm-archive ${rate('ours')} a second; sqlite3 ${rate('rival')}`);
      const figure = median(turns.map(({ ours, rival }) => rival / ours));
      goals.push({
        what: `${what}: rate, divided by the rate of sqlite3 -csv, median of ${rounds}`,
        figure,
        atLeast: goal,
      });
    }
    await client.end();
    await served.end();
    return { goals, compared: { rows: compared, what: 'rows (only their number was compared)' } };
  },
};

/** Returns how many rows the last export had, according to the access log. */
async function rowsOfLast(url: string): Promise<number> {
  const { items } = Log.parse(await fetchJson(`${url}/v1/access-log?limit=1&path=/v1/invocations`));
  return items[0]?.rows ?? Number.NaN;
}

function countRows(path: string, sql: string): number {
  const sqlite = new SQLite(path, { readonly: true });
  const rows = Number(sqlite.prepare(`SELECT count(*) FROM (${sql})`).pluck().get());
  sqlite.close();
  return rows;
}
