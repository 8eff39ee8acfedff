import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openArchive } from '../src/db/open.ts';
import { type Benchmark, whole } from './support/benchmark.ts';
import { collectByTools, collectOurs, compareCollected, missingTools } from './support/collect.ts';
import { startService } from './support/start-service.ts';

const INVOCATIONS = 20_000;
/** How many tables and indexes are printed, the largest first. */
const LARGEST = 12;
/** The buckets of the simulated fleet. */
const BUCKETS = 'buckets: [acme-ssm-output, acme-run-command-logs]';
/** The archives that are measured: without full outputs, and with those of two configurations. */
const CONFIGURATIONS = {
  'full outputs off': undefined,
  'full outputs by get': 'fullOutputs: { from: [get], callsAPass: 100000 }\n',
  'full outputs by get and s3': `fullOutputs: { from: [get, s3], ${BUCKETS}, callsAPass: 100000 }\n`,
};
const Parts = z.array(z.object({ name: z.string(), bytes: z.number() }));
const Counts = z.object({ states: z.number(), stateBytes: z.number(), entries: z.number(), entryBytes: z.number() });
const Fetched = z.object({ outputs: z.number(), bytes: z.number() });

/**
 * Measures the file that ssm-archive makes of a month of one account, including revisions and indexes, against the
 * tools' file of the same rows; and by how much full outputs make it larger, which the tools do not fetch.
 */
export const size: Benchmark = {
  name: 'size',
  about: "bytes per invocation of the archive, compared with sqlite-utils' file of the same rows",
  async run({ invocations = INVOCATIONS, folder, say }) {
    const missing = missingTools();
    if (missing) return { missing };
    const service = await startService(folder, invocations);
    const toolsPath = join(folder, 'tools.db');
    const tools = await collectByTools(service.url, toolsPath, { cwd: folder, cli: 'aws v2' });
    const toolsBytes = statSync(toolsPath).size;
    const sizes: number[] = [];
    let rows = 0;
    for (const [what, yaml] of Object.entries(CONFIGURATIONS)) {
      const path = join(folder, `ours-${sizes.length}.db`);
      const ours = await collectOurs(service.url, path, folder, yaml);
      rows = compareCollected(ours, tools);
      const { bytes, lines } = describeArchive(path, rows);
      sizes.push(bytes);
      say(`${what}: ${whole(rows)} invocations, ${whole(bytes / rows)} bytes each`);
      for (const line of lines) say(`  ${line}`);
    }
    await service.end();
    say(`the tools' file: ${whole(toolsBytes / rows)} bytes each`);
    const [off = Number.NaN, byGet = Number.NaN, byS3 = Number.NaN] = sizes;
    return {
      goals: [
        { what: "size, divided by that of the tools' file", figure: off / toolsBytes, atMost: 0.85 },
        { what: 'size with full outputs by get, divided by that without', figure: byGet / off },
        { what: 'size with full outputs by get and s3, divided by that without', figure: byS3 / off },
      ],
      compared: { rows, what: 'invocations' },
    };
  },
};

/** Returns the size of an archive's file after a checkpoint, and lines that say where its bytes go. */
function describeArchive(path: string, rows: number): { bytes: number; lines: string[] } {
  const db = openArchive(path);
  const { sqlite } = db;
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  const ofPages = 'SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC';
  const parts = Parts.parse(sqlite.prepare(ofPages).all());
  const pagesOf = (beginning: string) =>
    parts.filter(({ name }) => name.startsWith(beginning)).reduce((sum, part) => sum + part.bytes, 0);
  const { states, entries, entryBytes, stateBytes } = Counts.parse(
    sqlite
      .prepare(
        `SELECT (SELECT count(*) FROM command_states) AS states,
          (SELECT coalesce(sum(length(state)), 0) FROM command_states) AS stateBytes, count(*) AS entries,
          coalesce(sum(length(entry_json)), 0) AS entryBytes FROM ledger_entries WHERE kind = 'command'`,
      )
      .get(),
  );
  const fetched = Fetched.parse(
    sqlite.prepare('SELECT count(*) AS outputs, coalesce(sum(size_bytes), 0) AS bytes FROM full_outputs').get(),
  );
  db.close();
  const each = parts.slice(0, LARGEST).map((part) => `${part.name} ${whole(part.bytes / rows)}`);
  return {
    bytes: statSync(path).size,
    lines: [
      `bytes per invocation by table and index: ${each.join(', ')}`,
      `${whole(states)} states of commands: ${whole(pagesOf('command_states') / states)} bytes each with their index, ${whole(stateBytes / states)} of them the compressed state; and ${whole(entryBytes / entries)} bytes for the ledger's entry`,
      ...(fetched.outputs > 0
        ? [
            `${whole(fetched.outputs)} full outputs, ${whole(fetched.bytes / fetched.outputs)} bytes each before compression`,
          ]
        : []),
    ],
  };
}
