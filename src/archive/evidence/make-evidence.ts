import { mkdirSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openSigner } from '../../ledger/open-signer.ts';
import { tileStore } from '../../ledger/tile-store.ts';
import { packageVersion } from '../../lib/package-root.ts';
import { type Now, sleep } from '../../lib/time.ts';
import { conditionsOf, joined, PRESENT } from '../invocation-filter.ts';
import { INVOCATION_COLUMNS } from '../invocation-view.ts';
import { type MadeCheckpoint, makeCheckpoint } from '../make-checkpoint.ts';
import { type EvidenceQuestion, type EvidenceSummary, FILES } from './evidence.ts';
import { indexPage, type ListedInvocation, MOST_LISTED } from './index-page.ts';
import { sealEvidence } from './seal-evidence.ts';
import { verifyGuide } from './verify-guide.ts';
import { makeWorkFolder } from './work-folder.ts';
import { writeEvidence } from './write-evidence.ts';
import { zipFolder } from './zip-folder.ts';

export interface EvidenceDeps {
  /** To sign by, and to read from: two connections, of which the second has no transaction. */
  writer: Database;
  reader: Database;
  keyPath: string;
  random(size: number): Buffer;
  now: Now;
}

export interface EvidenceRequest {
  question: EvidenceQuestion;
  /** Where the pack goes; there is nothing yet. */
  output: string;
  /** The signed certificate of coverage of what is asked for, and what it says in a few words. */
  certify(): { note: string; inWords: string };
  /** Writes the rows of the question's query into the folder, as `result.csv` and `result.ndjson`. */
  writeResult?: ((folder: string) => Promise<void>) | undefined;
  onStates?: ((states: number) => void) | undefined;
}

const TRIES = 100;
const PAUSE_MS = 20;

/**
 * Makes an evidence pack. It is put together in a folder beside it and has its name once it is whole. Throws UserFault where the
 * key can't be used, and the system's errors.
 */
export async function makeEvidence(deps: EvidenceDeps, request: EvidenceRequest): Promise<EvidenceSummary> {
  const { reader } = deps;
  const { question, output } = request;
  const work = makeWorkFolder(dirname(output));
  const folder = join(work.path, 'pack');
  try {
    mkdirSync(folder);
    const checkpoint = await beginAtCheckpoint(deps);
    const signer = openSigner(deps.keyPath, deps.random);
    const certificate = request.certify();
    const { verifierKey } = signer;
    const summary = writeEvidence(reader, folder, {
      ...{ question, checkpoint, verifierKey, certificate: certificate.note },
      ...{ archiveVersion: packageVersion(), onStates: request.onStates },
    });
    const page = indexPage(summary, listed(reader, question), certificate.inWords);
    writeFileSync(join(folder, FILES.page), page);
    writeFileSync(
      join(folder, FILES.guide),
      verifyGuide({
        ...{ verifierKey, coverage: certificate.inWords },
        hasOutputs: !question.withoutOutputs && !question.redacted?.includes('Output'),
      }),
    );
    reader.exec('ROLLBACK');
    await request.writeResult?.(folder);
    const names = await sealEvidence(folder, summary, signer);
    const zip = join(work.path, 'pack.zip');
    await zipFolder(folder, names, zip, new Date(checkpoint.madeAt));
    await rename(zip, output);
    return summary;
  } finally {
    if (reader.inTransaction) reader.exec('ROLLBACK');
    work.remove();
  }
}

/** Signs the ledger, and begins to read where nothing was added since. */
async function beginAtCheckpoint({ writer, reader, ...signing }: EvidenceDeps): Promise<MadeCheckpoint> {
  for (let n = 0; n < TRIES; n++) {
    const checkpoint = makeCheckpoint(writer, signing);
    reader.exec('BEGIN');
    if (tileStore(reader).size() === checkpoint.size) return checkpoint;
    reader.exec('ROLLBACK');
    await sleep(PAUSE_MS);
  }
  throw new Error('The archive is being written to all the time: make the pack between two passes.');
}

function listed(sqlite: Database, { filter }: EvidenceQuestion): ListedInvocation[] {
  const { sql, params } = joined([...conditionsOf(filter, PRESENT).values()]);
  return sqlite
    .prepare<unknown[], ListedInvocation>(
      `SELECT ${INVOCATION_COLUMNS} FROM main.invocations i WHERE ${sql} ORDER BY i.requested_at, i.id LIMIT ?`,
    )
    .all(...params, MOST_LISTED);
}
