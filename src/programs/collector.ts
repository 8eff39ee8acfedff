import { openExistingArchive } from '../archive/file/open-archive.ts';
import { type CollectorProtocol, type CollectorTask, passErrors } from '../ingest/collector/collector-protocol.ts';
import { batchProgress } from '../ingest/progress/batch-progress.ts';
import { type PassSummary, runPass } from '../ingest/run-pass.ts';
import { placeOfLake } from '../lake/files/place-of-lake.ts';
import { openSealedFinder } from '../lake/read/find-sealed.ts';
import { lowerPriority } from '../lib/child/lower-priority.ts';
import { type Say, serveParent } from '../lib/child/serve-parent.ts';
import { explainTooManyFiles } from '../lib/errors/explain-too-many-files.ts';
import { UserFault } from '../lib/errors/user-fault.ts';
import { createLogger } from '../lib/logger.ts';
import { endVisibly } from '../lib/process/end-visibly.ts';

// The composition root of a collector process: ingest/collector/fork-pass.ts starts one for each pass of `serve`.

// Its standard error is the server's.
endVisibly();

// On a machine with few cores, answers get priority: collecting waits for the service anyway.
lowerPriority();

const stopping = new AbortController();
const stop = () => stopping.abort();

serveParent<CollectorProtocol>(
  { collect },
  {
    ...{ errors: passErrors, tells: { stop }, ready: () => undefined },
    // If the server is gone, the pass ends as it does when the server asks for it.
    stop,
    // Nothing may keep this process alive once the pass has ended: it would delay the next pass.
    isOnce: true,
  },
);

async function collect({ config, logLevel, file }: CollectorTask, say: Say<CollectorProtocol>): Promise<PassSummary> {
  try {
    return await runIn({ config, logLevel, file }, say);
  } catch (error) {
    const tooManyFiles = explainTooManyFiles(error);
    throw tooManyFiles === undefined ? error : new UserFault(tooManyFiles, { cause: error });
  }
}

async function runIn({ config, logLevel, file }: CollectorTask, say: Say<CollectorProtocol>): Promise<PassSummary> {
  // The server has this archive open. If it is not at its path now, this process must not make a new file, which nobody
  // would read.
  const db = openExistingArchive(config.db, { mustBe: file });
  const progress = batchProgress((sources) => say('progress', sources));
  const finder = openSealedFinder(db.sqlite, placeOfLake(config));
  try {
    const { signal } = stopping;
    const deps = { db, config, signal, log: createLogger(logLevel), now: () => new Date(), random: Math.random };
    return await runPass(
      { ...deps, findSealed: finder.find },
      {
        onEvent(event) {
          if (event.kind === 'begun') say('begun', { runId: event.runId });
          else if (event.kind === 'source') progress.take(event);
        },
      },
    );
  } finally {
    progress.flush();
    finder.close();
    db.close();
  }
}
