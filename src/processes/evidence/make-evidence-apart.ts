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
import type { EvidenceProtocol, EvidenceTask } from './evidence-protocol.ts';

export interface EvidenceMakerDeps {
  archivePath: string;
  keyPath: string;
  authDb: string;
  settlingMs: number;
  configured: Configured;
  /** Whether the archive at the path is the one that is open, as it says by what it knows of it. */
  file: Pick<FileWatch, 'refuseMoved' | 'known'>;
  program?: ChildProgram | undefined;
}

/** A pack that is ready to be sent; its file is gone once the body has ended, or was cancelled. */
export interface MadeEvidence {
  body: ReadableStream<Uint8Array>;
  sizeBytes: number;
  invocations: number;
}

export type MakeEvidence = (question: EvidenceQuestion, options: ReadOptions) => Promise<MadeEvidence>;

/** So many may wait for the one that is being made. */
const MOST_WAITING = 4;
const RETRY_AFTER_MS = 10_000;

/**
 * Packs of evidence, each made by a process of its own beside the archive, one at a time. Rejects with ReadQueueFull where too many
 * wait, ReadTimedOut, ReadAborted, ReaderLost, ArchiveMoved, EvidenceUnseen, EvidenceEmpty, and SigningRefused.
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
  /** None where it is not given. */
  deadlineMs?: number | undefined;
  signal?: AbortSignal | undefined;
  onStates?: ((states: number) => void) | undefined;
  /** As makeEvidence has it. */
  writeResult?: ((folder: string) => Promise<void>) | undefined;
}

/** Makes a pack in a process of its own, which is gone when this ends, whatever it was in the middle of. Rejects as createEvidenceMaker says. */
export async function makeApart(
  task: Omit<EvidenceTask, 'hasResult'>,
  { deadlineMs, signal, onStates, writeResult }: MakeApartOptions,
  program: EvidenceMakerDeps['program'] = { path: programPath('evidence-maker') },
): Promise<EvidenceSummary> {
  const maker = startChild<EvidenceProtocol>({
    program,
    // Where SQLite sorts what is too large for its memory: without it that is /var/tmp or /tmp, and in a container the
    // one can't be written to and the other is memory.
    env: { SQLITE_TMPDIR: dirname(task.output) },
    serialization: 'advanced',
    errors: namedErrors,
    lost: (_, cause) => cause ?? new ReaderLost('The process that made a pack of evidence ended.'),
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
    // Its folder may be removed only once it is gone.
    await maker.end();
  }
}
