import { randomBytes } from 'node:crypto';
import { constants, setPriority } from 'node:os';
import { certifyForEvidence } from '../../archive/evidence/certify-for-evidence.ts';
import { EvidenceEmpty } from '../../archive/evidence/evidence-empty.ts';
import { makeEvidence } from '../../archive/evidence/make-evidence.ts';
import { EvidenceUnseen } from '../../archive/evidence/unseen/evidence-unseen.ts';
import { openArchiveReadOnly, openExistingArchive } from '../../db/open.ts';
import { SigningRefused } from '../../ledger/signing-refused.ts';
import { outliveStopSignals } from '../../lib/stop-signals.ts';
import { UserFault } from '../../lib/user-fault.ts';
import { endWithParent } from '../pool/run-reader.ts';
import type { EvidenceTask, FromEvidenceMaker, ToEvidenceMaker } from './evidence-messages.ts';

/** The main function of a process that makes one pack of evidence. It signs a checkpoint of the archive, and writes else only which words outputs have. */
export function runEvidenceMaker(): void {
  // It must not go on with outputs in clear in a folder that is nobody's any more.
  void endWithParent(Number(process.argv[2]));
  // The server, or the command, ends this one.
  outliveStopSignals();
  // It may take its time: collection and answers go first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  let onResultWritten = () => {};
  const writeResult = (folder: string) =>
    new Promise<void>((resolve) => {
      onResultWritten = resolve;
      send({ kind: 'write result', folder });
    });
  process.on('message', (message: ToEvidenceMaker) => {
    if (message.kind === 'result written') onResultWritten();
    else
      make(message.task, writeResult).then(send, (error: unknown) =>
        send(
          error instanceof EvidenceEmpty
            ? { kind: 'empty', of: error.of }
            : error instanceof EvidenceUnseen
              ? { kind: 'unseen', neverSeen: error.neverSeen }
              : error instanceof UserFault
                ? {
                    ...{ kind: 'refused', sentence: error.message, exitCode: error.exitCode },
                    isOfSigning: error instanceof SigningRefused,
                  }
                : {
                    kind: 'failed',
                    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
                    code: codeOf(error),
                  },
        ),
      );
  });
}

async function make(
  { archivePath, file, keyPath, authDb, settlingMs, question, output, hasResult, ...asked }: EvidenceTask,
  writeResult: (folder: string) => Promise<void>,
): Promise<FromEvidenceMaker> {
  const writing = openExistingArchive(archivePath, file);
  const archive = openArchiveReadOnly(archivePath);
  try {
    const deps = {
      ...{ writer: writing.sqlite, reader: archive.sqlite, keyPath, authDb, db: archivePath },
      ...{ random: randomBytes, now: () => new Date() },
    };
    const certify = () => certifyForEvidence(deps, settlingMs, question);
    const onStates = (states: number) => send({ kind: 'states', states });
    const more = hasResult ? { writeResult } : {};
    return {
      kind: 'made',
      summary: await makeEvidence(deps, { ...asked, question, output, certify, onStates, ...more }),
    };
  } finally {
    archive.close();
    writing.close();
  }
}

/** As SQLite and the system name what went wrong: classes don't survive the way to the server. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function send(message: FromEvidenceMaker): void {
  process.send?.(message);
}
