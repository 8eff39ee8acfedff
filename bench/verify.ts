import { copyFileSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../src/lib/process/package-root.ts';
import { type Benchmark, median, whole } from './support/benchmark.ts';
import { startChild } from './support/start-child.ts';
import { timeCommands } from './support/time-commands.ts';

const INVOCATIONS = 1_000_000;
const ROUNDS = 3;
const SHORT_ROUNDS = 1;
const VERDICT = 'verdict.json';
const Verdict = z.object({ size: z.number(), faults: z.array(z.unknown()).length(0) });
const Written = z.object({ entries: z.number(), bytes: z.number() });
const Hashed = z.object({ seconds: z.number() });

/**
 * Runs `ssm-archive verify` as it is installed. The rival hashes the same entries from a file with as many processes.
 */
export const verify: Benchmark = {
  name: 'verify',
  about: '`verify`, compared with only hashing the same entries on all cores',
  async run({ invocations = INVOCATIONS, isShort, folder, archiveOf, say }) {
    const path = join(folder, 'archive.db');
    copyFileSync(await archiveOf(invocations), path);
    const entries = join(folder, 'entries');
    const writer = await startChild(folder, 'write-entries', { path, entries });
    const written = await writer.ask(undefined, Written);
    await writer.end();
    const cores = availableParallelism();
    const hashers = await Promise.all(
      Array.from({ length: cores }, (_, n) => startChild(folder, 'hash-entries', { entries, part: n, of: cores })),
    );
    const rounds = isShort ? SHORT_ROUNDS : ROUNDS;
    // `verify` exits with code 3 if everything fits and no key from outside was given, as here.
    const line = `'${process.execPath}' '${join(packageRoot(), 'dist', 'cli.js')}' verify --json >${VERDICT} || [ $? -eq 3 ]`;
    const turns: { ours: number; rival: number }[] = [];
    const env = { SSM_ARCHIVE_DB: path };
    for (let round = 0; round < rounds; round++) {
      const ours = await timeCommands(line, env, folder);
      const { size } = Verdict.parse(JSON.parse(readFileSync(join(folder, VERDICT), 'utf8')));
      if (size !== written.entries)
        throw new Error(`\`verify\` checked ${size} leaves, but ${written.entries} were hashed.`);
      const each = await Promise.all(hashers.map((hasher) => hasher.ask(undefined, Hashed)));
      turns.push({ ours: ours.seconds, rival: Math.max(...each.map(({ seconds }) => seconds)) });
    }
    for (const hasher of hashers) await hasher.end();
    const [ours, rival] = [median(turns.map((turn) => turn.ours)), median(turns.map((turn) => turn.rival))];
    say(
      `${whole(written.entries)} entries of ${whole(written.bytes / written.entries)} bytes: \`verify\` ${ours.toFixed(1)} s, ${whole(written.entries / ours)} a second; hashing alone ${rival.toFixed(2)} s`,
    );
    return {
      goals: [
        { what: 'rate, divided by the rate of hashing the same bytes alone', figure: rival / ours, atLeast: 0.5 },
      ],
      compared: { rows: written.entries, what: 'leaves (only their number was compared)' },
    };
  },
};
