import { availableParallelism } from 'node:os';
import { readSealedDays } from '../../archive/sealed/read-sealed-days.ts';
import { sizeToVerify } from '../../archive/verify/plan-parts.ts';
import { connectToRead, type ReadMode } from '../../db/reading/connect-to-read.ts';
import { type Child, type ChildProgram, startChild } from '../../lib/child/start-child.ts';
import { userFaults } from '../../lib/child/user-faults.ts';
import { watchBounds } from '../../lib/child/watch-bounds.ts';
import { programPath } from '../../lib/process/program-path.ts';
import { runQueue } from '../../lib/run-queue.ts';
import { monthsOfLake } from '../seal/months/months-of-lake.ts';
import { monthOf } from '../tables/months.ts';
import { judgeDays, type LakeVerdict } from './judge-days.ts';
import type { LakePlace } from './lake-place.ts';
import type { LakeVerifierProtocol } from './lake-verifier-protocol.ts';
import type { VerifiedDay } from './verified-day.ts';
import type { VerifiedMonth } from './verified-month.ts';

export interface LakeQuestion {
  path: string;
  mode?: ReadMode | undefined;
  place: LakePlace;
  /** How many days to verify, chosen at random; by default all. */
  sample?: number | undefined;
  random(): number;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { leaves: number; of: number }) => void) | undefined;
  /** How many processes; by default as many as there are cores. */
  processes?: number | undefined;
  program?: ChildProgram | undefined;
}

const BUSY_TIMEOUT_MS = 30_000;

/**
 * Verifies the sealed days in the lake, some at a time: each object with the manifest and the ledger, each row with its
 * leaf and its invocation, and that each sealed leaf is there exactly once. Rejects with LakeFault if the lake can't be
 * reached; if `signal` aborts, with its reason.
 */
export async function verifyLake(question: LakeQuestion): Promise<LakeVerdict> {
  const { path, mode = 'usual', sample, random, signal, onProgress } = question;
  signal?.throwIfAborted();
  const sqlite = connectToRead(path, mode, BUSY_TIMEOUT_MS);
  const children: Child<LakeVerifierProtocol>[] = [];
  const end = (reason?: unknown) => Promise.all(children.map((child) => child.end(reason)));
  const release = watchBounds({ signal }, () => end(signal?.reason));
  try {
    // What is judged at the end is judged by the archive as it was at the beginning.
    sqlite.exec('BEGIN');
    const size = sizeToVerify(sqlite);
    // The rows of a day that is being pruned are in the file.
    const all = readSealedDays(sqlite).filter(({ isPruning }) => !isPruning);
    const days = sample === undefined ? all : pick(all, sample, random);
    const of = days.reduce((sum, { leaves }) => sum + leaves, 0);
    const count = Math.min(Math.max(1, question.processes ?? availableParallelism()), Math.max(1, days.length));
    for (let n = 0; n < count; n++) children.push(startLakeVerifier(question));
    const idle = [...children];
    const found: VerifiedDay[] = [];
    let verified = 0;
    onProgress?.({ leaves: 0, of });
    // The largest first, so that no process works alone at the end.
    const queue = [...days].sort((a, b) => b.leaves - a.leaves);
    await runQueue(queue, count, async ({ day }) => {
      const child = idle.pop();
      if (!child) throw new Error('There are more days at a time than processes.');
      const leaves = (more: number) => {
        verified += more;
        onProgress?.({ leaves: Math.min(verified, of), of });
      };
      found.push(await child.ask('verify', day, { leaves }));
      idle.push(child);
    });
    const months = await verifyMonths(sample === undefined ? monthsOfLake(sqlite) : monthsOf(days), idle);
    const gone = await idle[0]?.ask('checkGone', undefined);
    signal?.throwIfAborted();
    found.sort((a, b) => (a.day < b.day ? -1 : 1));
    return judgeDays(sqlite, { found, months, gone, size, ofDays: all.length });
  } finally {
    release();
    await end();
    sqlite.close();
  }
}

function monthsOf(days: readonly { day: string }[]): string[] {
  return [...new Set(days.map(({ day }) => monthOf(day)))];
}

async function verifyMonths(
  months: readonly string[],
  children: readonly Child<LakeVerifierProtocol>[],
): Promise<VerifiedMonth[]> {
  const idle = [...children];
  const found: VerifiedMonth[] = [];
  await runQueue([...months], Math.max(1, children.length), async (month) => {
    const child = idle.pop();
    if (!child) throw new Error('There are more months at a time than processes.');
    const one = await child.ask('verifyMonth', month);
    if (one) found.push(one);
    idle.push(child);
  });
  return found.sort((a, b) => (a.month < b.month ? -1 : 1));
}

function startLakeVerifier({
  path,
  mode = 'usual',
  place,
  program = { path: programPath('lake-verifier') },
}: LakeQuestion): Child<LakeVerifierProtocol> {
  return startChild<LakeVerifierProtocol>({
    program,
    args: [path, mode, JSON.stringify(place)],
    // Seqs are an array of numbers, which JSON would make a hundred times as large.
    serialization: 'advanced',
    errors: userFaults,
    lost: (how, cause) => cause ?? new Error(`A process that verifies the lake ended with ${how}.`),
  });
}

function pick<T>(all: readonly T[], count: number, random: () => number): T[] {
  const left = [...all];
  return Array.from({ length: Math.min(count, all.length) }, () =>
    left.splice(Math.floor(random() * left.length), 1),
  ).flat();
}
