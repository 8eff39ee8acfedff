import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addCheckpoint, keyEntry, makeCheckpoint } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { beginRun, finishRun } from '../../../src/archive/record/record-run.ts';
import { beginSweep, finishSweep } from '../../../src/archive/record/record-sweep.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { createLedger } from '../../../src/ledger/create-ledger.ts';
import { createNoteKey, parseSigningKey } from '../../../src/ledger/notes/note-key.ts';
import { emptyTally } from '../../../src/model/coverage/counters.ts';
import { page, rawInvocation, SOURCE } from '../../archive/raw-invocation.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { type CliResult, runCli } from '../run-cli.ts';

/** The name of every key in these trials. A forger chooses this name because the archive's own key has it. */
const NAME = 'ssm-archive/0123456789abcdef';

export const MARCH = ['--from', '2026-03-01', '--to', '2026-04-01'];

/** Returns a key pair whose name is `NAME`. Each number has a key pair of its own. */
export function noteKeyOf(n: number): { signingKey: string; verifierKey: string } {
  return createNoteKey(NAME, (size) => Buffer.alloc(size, n));
}

export interface MarkedArchive {
  folder: string;
  /** The path of a file with the newest checkpoint, as somebody might keep it elsewhere. */
  checkpoint: string;
}

/**
 * Makes a folder with an archive of invocations of March 2026 where commands look for it. The first key signs it, and
 * each further key then signs further invocations. The file of the last key is beside the archive.
 */
export function archiveSignedBy(...keys: number[]): MarkedArchive {
  return archiveIn(tempFolder(), ...keys);
}

/** Makes an archive as `archiveSignedBy` does, but in this folder, so that several tests can share the archive. */
export function archiveIn(folder: string, ...keys: number[]): MarkedArchive {
  const keyPath = join(folder, 'data', 'archive-ledger.key');
  let note = '';
  for (const [n, key] of keys.entries()) {
    mkdirSync(join(folder, 'data'), { recursive: true });
    writeFileSync(keyPath, `${noteKeyOf(key).signingKey}\n`, { mode: 0o600 });
    record(folder, [`i-${n}`, `i-${n}-b`]);
    const db = openArchive(join(folder, 'data', 'archive.db'));
    if (n === 0) coverHalf(db);
    note =
      n === 0 || key === keys[n - 1]
        ? makeCheckpoint(db.sqlite, { keyPath, random: randomBytes, now: () => new Date() }).note
        : forgeCheckpoint(db, noteKeyOf(key));
    db.close();
    writeFileSync(join(folder, `checkpoint-${n}`), note);
  }
  return { folder, checkpoint: note };
}

/** Does what no command does: another key signs the next checkpoint, as in an archive that somebody made up. */
function forgeCheckpoint({ sqlite }: ArchiveDb, { signingKey, verifierKey }: ReturnType<typeof noteKeyOf>): string {
  const at = new Date().toISOString();
  createLedger(sqlite).add('key', [keyEntry(verifierKey, at)]);
  return addCheckpoint(sqlite, parseSigningKey(signingKey), at).note;
}

/** Records a pass that listed the first half of March, and no more. */
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

/** Records invocations that come after the newest checkpoint. */
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

/** Runs `verify`, and returns what it says as text, with the first line by itself. */
export async function verify(folder: string, ...args: string[]): Promise<SaidOfIt> {
  return saidBy(await runCli(folder, ['verify', ...args]));
}

function saidBy({ exitCode, stdout, stderr }: CliResult): SaidOfIt {
  return { exitCode, first: stdout.split('\n')[0] ?? '', text: stdout + stderr };
}

/** Returns what `verify` says as JSON, and its exit code. */
export async function verifyJson(folder: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { exitCode, stdout } = await runCli(folder, ['verify', '--json', ...args]);
  return { exitCode, ...JSON.parse(stdout) };
}
