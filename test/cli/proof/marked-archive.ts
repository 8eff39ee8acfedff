import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addCheckpoint, keyEntry, makeCheckpoint } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { beginRun, emptyTally, finishRun } from '../../../src/archive/record/record-run.ts';
import { beginSweep, finishSweep } from '../../../src/archive/record/record-sweep.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { createLedger } from '../../../src/ledger/create-ledger.ts';
import { createNoteKey, parseSigningKey } from '../../../src/ledger/notes/note-key.ts';
import { page, rawInvocation, SOURCE } from '../../archive/raw-invocation.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { type CliResult, runCli } from '../run-cli.ts';

/** The name that every key of these trials has: a forger chooses it as the archive's own. */
const NAME = 'ssm-archive/0123456789abcdef';

export const MARCH = ['--from', '2026-03-01', '--to', '2026-04-01'];

/** A pair of keys of that name, by a number. */
export function keyOf(n: number): { signingKey: string; verifierKey: string } {
  return createNoteKey(NAME, (size) => Buffer.alloc(size, n));
}

export interface MarkedArchive {
  folder: string;
  /** As the file of the newest checkpoint that somebody kept elsewhere. */
  checkpoint: string;
}

/**
 * A folder with an archive of invocations of March 2026 where commands look for it, signed by the key of a number, whose file lies beside
 * it; with another number, further invocations are signed by that one afterwards.
 */
export function archiveSignedBy(...keys: number[]): MarkedArchive {
  return archiveIn(tempFolder(), ...keys);
}

/** The same in a folder of one's own, for what several tests share. */
export function archiveIn(folder: string, ...keys: number[]): MarkedArchive {
  const keyPath = join(folder, 'data', 'archive-ledger.key');
  let note = '';
  for (const [n, key] of keys.entries()) {
    mkdirSync(join(folder, 'data'), { recursive: true });
    writeFileSync(keyPath, `${keyOf(key).signingKey}\n`, { mode: 0o600 });
    record(folder, [`i-${n}`, `i-${n}-b`]);
    const db = openArchive(join(folder, 'data', 'archive.db'));
    if (n === 0) coverHalf(db);
    note =
      n === 0 || key === keys[n - 1]
        ? makeCheckpoint(db.sqlite, { keyPath, random: randomBytes, now: () => new Date() }).note
        : forgeCheckpoint(db, keyOf(key));
    db.close();
    writeFileSync(join(folder, `checkpoint-${n}`), note);
  }
  return { folder, checkpoint: note };
}

/** What no command does: another key signs on, as somebody does who has made it up. */
function forgeCheckpoint({ sqlite }: ArchiveDb, { signingKey, verifierKey }: ReturnType<typeof keyOf>): string {
  const at = new Date().toISOString();
  createLedger(sqlite).add('key', [keyEntry(verifierKey, at)]);
  return addCheckpoint(sqlite, parseSigningKey(signingKey), at).note;
}

/** A pass that listed the first half of March, and no more. */
export function coverHalf(db: ArchiveDb): void {
  const at = '2026-03-16T00:00:00.000Z';
  const span = { from: Date.parse('2026-03-01T00:00:00Z'), to: Date.parse('2026-03-15T00:00:00Z') };
  const runId = beginRun(db.sqlite, { startedAt: at, collector: 'here:1' });
  const target = { operation: 'ListCommandInvocations', fromMs: span.from, toMs: span.to } as const;
  const id = beginSweep(db.sqlite, { runId, source: SOURCE, target, startedAt: at });
  finishSweep(db.sqlite, id, {
    ...{ outcome: 'complete', covered: { source: SOURCE, spans: [span] }, finishedAt: at, requestIds: [] },
    tally: { ...emptyTally(), pages: 1, calls: 1, rowsSeen: 2 },
  });
  finishRun(db.sqlite, runId, { finishedAt: at, outcome: 'complete' });
}

/** Invocations that come after the newest checkpoint. */
export function record(folder: string, nodes: readonly string[]): void {
  const db = openArchive(join(folder, 'data', 'archive.db'));
  createSingleReplyRecorder(db.sqlite)(
    page(nodes.map((InstanceId) => rawInvocation({ InstanceId, RequestedDateTime: 1772357400 }))),
  );
  db.close();
}

export interface SaidOfIt {
  exitCode: number;
  first: string;
  text: string;
}

/** What `verify` says in text, with the first line by itself. */
export async function verify(folder: string, ...args: string[]): Promise<SaidOfIt> {
  return saidBy(await runCli(folder, ['verify', ...args]));
}

function saidBy({ exitCode, stdout, stderr }: CliResult): SaidOfIt {
  return { exitCode, first: stdout.split('\n')[0] ?? '', text: stdout + stderr };
}

/** What it says as JSON, and its exit code. */
export async function verifyJson(folder: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { exitCode, stdout } = await runCli(folder, ['verify', '--json', ...args]);
  return { exitCode, ...JSON.parse(stdout) };
}
