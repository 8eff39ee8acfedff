import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { EvidenceQuestion, EvidenceSummary } from '../../archive/evidence/evidence.ts';
import { makeWorkFolder } from '../../archive/evidence/work-folder.ts';
import type { FileWatch } from '../../archive/file/watch-file.ts';
import type { Configured } from '../../archive/values/open-filter.ts';
import { type ChildProgram, startChild } from '../../lib/child/start-child.ts';
import { watchBounds } from '../../lib/child/watch-bounds.ts';
import { programPath } from '../../lib/process/program-path.ts';
import { namedErrors } from '../named-errors.ts';
import { ReadAborted, ReaderLost, ReadQueueFull, ReadTimedOut } from '../pool/errors.ts';
import type { ReadOptions } from '../pool/read-task.ts';
import type { ReaderLake } from '../pool/start-reader.ts';
import type { EvidenceProtocol, EvidenceTask } from './evidence-protocol.ts';

export interface EvidenceMakerDeps {
  archivePath: string;
  keyPath: string;
  authDb: string;
  settlingMs: number;
  configured: Configured;
  /** Where sealed days are; undefined if there is no lake. */
  lake?: ReaderLake | undefined;
  /** Checks that the archive at the path is the one that is open. */
  file: Pick<FileWatch, 'refuseMoved' | 'known'>;
  program?: ChildProgram | undefined;
}

/** A pack that is ready to be sent. Its file is removed once the body has ended or was cancelled. */
export interface MadeEvidence {
  body: ReadableStream<Uint8Array>;
  sizeBytes: number;
  invocations: number;
}

export type MakeEvidence = (question: EvidenceQuestion, options: ReadOptions) => Promise<MadeEvidence>;

/** How many packs may wait while one is being made. */
const MOST_WAITING = 4;
const RETRY_AFTER_MS = 10_000;

/**
 * Returns a function that makes evidence packs: one at a time, each in a process of its own. It rejects with
 * ReadQueueFull if too many wait, and with ReadTimedOut, ReadAborted, ReaderLost, ArchiveMoved, EvidenceUnseen,
 * EvidenceEmpty, and SigningRefused.
 */
export function createEvidenceMaker({ program, file, ...source }: EvidenceMakerDeps): MakeEvidence {
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (question, options) => {
    if (waiting > MOST_WAITING) throw new ReadQueueFull('in all', RETRY_AFTER_MS);
    waiting++;
    const made = turn.then(async () => {
      await file.refuseMoved();
      return makeOne({ ...source, file: file.known(), question }, options, program);
    });
    turn = made.catch(() => {});
    try {
      return await made;
    } finally {
      waiting--;
    }
  };
}

async function makeOne(
  asked: Omit<EvidenceTask, 'output' | 'hasResult'>,
  options: ReadOptions,
  program: EvidenceMakerDeps['program'],
): Promise<MadeEvidence> {
  if (options.signal?.aborted) throw new ReadAborted();
  const work = makeWorkFolder(dirname(asked.archivePath));
  try {
    const output = join(work.path, 'evidence.zip');
    const { invocations } = await makeApart({ ...asked, output }, options, program);
    const { size } = await stat(output);
    const file = createReadStream(output);
    file.on('close', work.remove);
    return { body: Readable.toWeb(file), sizeBytes: size, invocations };
  } catch (error) {
    work.remove();
    throw error;
  }
}

export interface MakeApartOptions {
  /** The deadline in milliseconds from now. If absent, there is none. */
  deadlineMs?: number | undefined;
  signal?: AbortSignal | undefined;
  onStates?: ((states: number) => void) | undefined;
  /** The same function as makeEvidence takes. */
  writeResult?: ((folder: string) => Promise<void>) | undefined;
}

/**
 * Makes a pack in a process of its own, which has ended when the promise settles. Rejects with the errors that
 * createEvidenceMaker lists.
 */
export async function makeApart(
  task: Omit<EvidenceTask, 'hasResult'>,
  { deadlineMs, signal, onStates, writeResult }: MakeApartOptions,
  program: EvidenceMakerDeps['program'] = { path: programPath('evidence-maker') },
): Promise<EvidenceSummary> {
  const maker = startChild<EvidenceProtocol>({
    program,
    // SQLite sorts in this folder what is too large for its memory. In a container, SQLite's default folders don't
    // work: it can't write to /var/tmp, and keeps /tmp in memory.
    env: { ...task.lake?.env, SQLITE_TMPDIR: dirname(task.output) },
    serialization: 'advanced',
    errors: namedErrors,
    lost: (_, cause) => cause ?? new ReaderLost('The process that made an evidence pack ended.'),
  });
  const release = watchBounds({ deadlineMs, signal }, (why) =>
    maker.end(why === 'late' ? new ReadTimedOut(deadlineMs ?? 0) : new ReadAborted()),
  );
  try {
    return await maker.ask(
      'make',
      { ...task, hasResult: writeResult !== undefined },
      {
        ...(onStates && { states: onStates }),
        writeResult: (folder) =>
          writeResult?.(folder).then(
            () => maker.tell('resultWritten', undefined),
            (error: unknown) => maker.end(error),
          ),
      },
    );
  } finally {
    release();
    // The folder may be removed only after the process has ended.
    await maker.end();
  }
}
