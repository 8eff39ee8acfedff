import { randomBytes } from 'node:crypto';
import { certifyForEvidence } from '../../archive/evidence/certify-for-evidence.ts';
import type { EvidenceSummary } from '../../archive/evidence/evidence.ts';
import { makeEvidence } from '../../archive/evidence/make-evidence.ts';
import { openArchiveReadOnly, openExistingArchive } from '../../db/open.ts';
import { lowerPriority } from '../../lib/child/lower-priority.ts';
import { serveParent } from '../../lib/child/serve-parent.ts';
import { namedErrors } from '../named-errors.ts';
import type { EvidenceProtocol, EvidenceTask } from './evidence-protocol.ts';

/** The main function of a process that makes one pack of evidence. It signs a checkpoint of the archive, and writes else only which words outputs have. */
export function runEvidenceMaker(): void {
  // It may take its time: collection and answers go first.
  lowerPriority();
  let resultWritten = () => {};
  // It must not go on with outputs in clear in a folder that is nobody's any more: so it ends with its parent, whatever it does.
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
