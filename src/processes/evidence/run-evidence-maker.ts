import { randomBytes } from 'node:crypto';
import { certifyForEvidence } from '../../archive/evidence/certify-for-evidence.ts';
import type { EvidenceSummary } from '../../archive/evidence/evidence.ts';
import { makeEvidence } from '../../archive/evidence/make-evidence.ts';
import { openArchiveReadOnly, openExistingArchive } from '../../db/open.ts';
import { lowerPriority } from '../../lib/child/lower-priority.ts';
import { serveParent } from '../../lib/child/serve-parent.ts';
import { namedErrors } from '../named-errors.ts';
import type { EvidenceProtocol, EvidenceTask } from './evidence-protocol.ts';

/**
 * The main function of a process that makes one evidence pack. It writes nothing into the archive except a signed
 * checkpoint and the search index of outputs.
 */
export function runEvidenceMaker(): void {
  // This process runs at low priority, because collecting and answering are more urgent.
  lowerPriority();
  let resultWritten = () => {};
  // No `stop` is given on purpose: the process must exit at once when its parent ends. If it ran on, it would leave
  // readable outputs in a folder that nobody removes.
  serveParent<EvidenceProtocol>(
    {
      make: (task, say) =>
        make(task, {
          onStates: (states) => say('states', states),
          writeResult: (folder) =>
            new Promise((resolve) => {
              resultWritten = resolve;
              say('writeResult', folder);
            }),
        }),
    },
    { errors: namedErrors, tells: { resultWritten: () => resultWritten() }, ready: () => undefined },
  );
}

interface Tools {
  onStates(states: number): void;
  writeResult(folder: string): Promise<void>;
}

async function make(
  { archivePath, file, keyPath, authDb, settlingMs, question, output, hasResult, ...asked }: EvidenceTask,
  { onStates, writeResult }: Tools,
): Promise<EvidenceSummary> {
  const writing = openExistingArchive(archivePath, file);
  const archive = openArchiveReadOnly(archivePath);
  try {
    const deps = {
      ...{ writer: writing.sqlite, reader: archive.sqlite, keyPath, authDb, db: archivePath },
      ...{ random: randomBytes, now: () => new Date() },
    };
    const certify = () => certifyForEvidence(deps, settlingMs, question);
    const more = hasResult ? { writeResult } : {};
    return await makeEvidence(deps, { ...asked, question, output, certify, onStates, ...more });
  } finally {
    archive.close();
    writing.close();
  }
}
