import { copyFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../src/lib/package-root.ts';
import { type Benchmark, median, whole } from './support/benchmark.ts';
import { startChild } from './support/start-child.ts';
import { timeCommands } from './support/time-commands.ts';

const INVOCATIONS = 1_000_000;
const ROUNDS = 3;
const Written = z.object({ entries: z.number(), bytes: z.number() });
const Hashed = z.object({ seconds: z.number() });

/** `ssm-archive verify` as it is installed, against hashing the same entries, which lie ready in a file, with as many processes. */
export const verify: Benchmark = {
  name: 'verify',
  about: 'verify, against only hashing the same entries on all cores',
  async run({ invocations = INVOCATIONS, folder, archiveOf, say }) {
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
    const rounds: { ours: number; rival: number }[] = [];
    const env = { SSM_ARCHIVE_DB: path };
    for (let round = 0; round < ROUNDS; round++) {
      const ours = await timeCommands(
        `'${process.execPath}' '${join(packageRoot(), 'dist', 'cli.js')}' verify >&2`,
        env,
        folder,
      );
      const each = await Promise.all(hashers.map((hasher) => hasher.ask(undefined, Hashed)));
      rounds.push({ ours: ours.seconds, rival: Math.max(...each.map(({ seconds }) => seconds)) });
    }
    for (const hasher of hashers) await hasher.end();
    const [ours, rival] = [median(rounds.map((round) => round.ours)), median(rounds.map((round) => round.rival))];
    say(
      `${whole(written.entries)} entries of ${whole(written.bytes / written.entries)} bytes: verify ${ours.toFixed(1)} s, ${whole(written.entries / ours)} a second; hashing alone ${rival.toFixed(2)} s`,
    );
    return [{ what: 'rate against hashing the same bytes alone', figure: rival / ours, atLeast: 0.5 }];
  },
};
