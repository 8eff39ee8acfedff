import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { certifyForEvidence } from '../../archive/evidence/certify-for-evidence.ts';
import type { EvidenceSummary } from '../../archive/evidence/evidence.ts';
import { makeEvidence } from '../../archive/evidence/make-evidence.ts';
import type { GatherRows } from '../../archive/sealed/gather-rows.ts';
import { openArchiveReadOnly, openExistingArchive } from '../../db/open.ts';
import { lowerPriority } from '../../lib/child/lower-priority.ts';
import { serveParent } from '../../lib/child/serve-parent.ts';
import { namedErrors } from '../named-errors.ts';
import type { ReaderLake } from '../pool/start-reader.ts';
import type { EvidenceProtocol, EvidenceTask } from './evidence-protocol.ts';

/**
 * The main function of a process that makes one evidence pack. It writes nothing into the archive except a signed
 * checkpoint and the search index of outputs.
 */
export function runEvidenceMaker(openGatherer: OpenGatherer): void {
  // This process runs at low priority, because collecting and answering are more urgent.
  lowerPriority();
  let resultWritten = () => {};
  // No `stop` is given on purpose: the process must exit at once when its parent ends. If it ran on, it would leave
  // readable outputs in a folder that nobody removes.
  serveParent<EvidenceProtocol>(
    {
      make: (task, say) =>
        make(task, openGatherer, {
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

/** Opens what gathers the rows of sealed days. `fresh` is a connection to the archive outside of any transaction. */
export type OpenGatherer = (fresh: Database, lake: ReaderLake | undefined) => { gather: GatherRows; close(): void };

interface Tools {
  onStates(states: number): void;
  writeResult(folder: string): Promise<void>;
}

async function make(
  { archivePath, file, keyPath, authDb, settlingMs, question, output, hasResult, lake, ...asked }: EvidenceTask,
  openGatherer: OpenGatherer,
  { onStates, writeResult }: Tools,
): Promise<EvidenceSummary> {
  const writing = openExistingArchive(archivePath, file);
  const archive = openArchiveReadOnly(archivePath);
  const { gather, close } = openGatherer(writing.sqlite, lake);
  try {
    const deps = {
      gather,
      ...{ writer: writing.sqlite, reader: archive.sqlite, keyPath, authDb, db: archivePath },
      ...{ random: randomBytes, now: () => new Date() },
    };
    const certify = () => certifyForEvidence(deps, settlingMs, question);
    const more = hasResult ? { writeResult } : {};
    return await makeEvidence(deps, { ...asked, question, output, certify, onStates, ...more });
  } finally {
    close();
    archive.close();
    writing.close();
  }
}
