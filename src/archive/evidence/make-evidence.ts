import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { joined } from '../../db/condition.ts';
import { parseNote } from '../../ledger/notes/signed-note.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { packageVersion } from '../../lib/process/package-root.ts';
import { sleep } from '../../lib/time.ts';
import { type MadeCheckpoint, makeCheckpoint, type SigningDeps, signerOf } from '../checkpoints/make-checkpoint.ts';
import { countUnsearchable } from '../figures/count-unsearchable.ts';
import { conditionsOf, PRESENT } from '../invocations/invocation-filter.ts';
import { INVOCATION_COLUMNS } from '../invocations/invocation-view.ts';
import { indexOutputs } from '../record/index-outputs.ts';
import type { GatherRows } from '../sealed/gather-rows.ts';
import { readFloor } from '../sealed/read-floor.ts';
import { SealedAgain } from '../sealed/sealed-again.ts';
import { noLakeConfigured } from '../sealed/sealed-unreadable.ts';
import { openValuesOf } from '../values/explain-empty.ts';
import { findUnseen } from '../values/find-never-seen.ts';
import { type AskedParameter, findUnseenParameters } from '../values/find-unseen-parameters.ts';
import type { Configured } from '../values/open-filter.ts';
import { hasCommands } from './commands/commands-of-pack.ts';
import { absenceOf } from './coverage/absence-of.ts';
import { certificateOfPack } from './coverage/certificate-of-pack.ts';
import { type PackCoverage, statePackCoverage } from './coverage/state-pack-coverage.ts';
import { type EvidenceQuestion, type EvidenceSummary, FILES } from './evidence.ts';
import { EvidenceEmpty } from './evidence-empty.ts';
import { indexPage, type ListedInvocation, MOST_LISTED } from './index-page.ts';
import { listPrinted } from './outputs/list-printed.ts';
import { sealEvidence } from './seal-evidence.ts';
import { type AskedUnseen, EvidenceUnseen } from './unseen/evidence-unseen.ts';
import { verifyGuide } from './verify-guide.ts';
import { makeWorkFolder } from './work-folder.ts';
import { writeEvidence } from './write-evidence.ts';
import { zipFolder } from './zip/zip-folder.ts';

export interface EvidenceDeps extends SigningDeps {
  /** `writer` is the connection that signs, `reader` the one that reads. `reader` must have no open transaction. */
  writer: Database;
  reader: Database;
  /** Without it, a pack is refused whose question asks for days that may be sealed. */
  gather?: GatherRows | undefined;
}

export interface EvidenceRequest {
  question: EvidenceQuestion;
  /** The values of the report's parameters, where a parameter takes the same values as a filter. */
  parameters?: readonly AskedParameter[] | undefined;
  /** The configured accounts and regions. They count as seen even if nothing was collected for them yet. */
  configured: Configured;
  /** The path of the pack. No file may exist there yet. */
  output: string;
  /** Returns the signed certificate of coverage for the question. */
  certify(): string;
  /** Writes the rows of the question's query into the folder, as `result.csv` and `result.ndjson`. */
  writeResult?: ((folder: string) => Promise<void>) | undefined;
  onStates?: ((states: number) => void) | undefined;
}

const TRIES = 100;
const PAUSE_MS = 20;
/** So often a pack begins again because one of its days was sealed again. */
const SEALED_TRIES = 5;

/**
 * Makes an evidence pack. It is built in a work folder beside `output` and gets its name once it is whole. Throws
 * SigningRefused like makeCheckpoint, EvidenceUnseen if a value was never seen and that is not allowed, EvidenceEmpty
 * if the pack would have no content and that is not allowed, and the system's errors. If a pack without invocations and
 * commands is refused, nothing is signed.
 */
export async function makeEvidence(deps: EvidenceDeps, request: EvidenceRequest): Promise<EvidenceSummary> {
  const { reader } = deps;
  const { question, output } = request;
  const { allowEmpty = false, allowUnseen = false } = question;
  const neverSeen = neverSeenOf(reader, request);
  if (!allowUnseen && neverSeen.length > 0) throw new EvidenceUnseen(neverSeen);
  await makeSearchable(deps, question);
  if (!allowEmpty && !(await hasAnything(deps, question))) throw new EvidenceEmpty('invocations');
  const work = makeWorkFolder(dirname(output));
  const folder = join(work.path, 'pack');
  try {
    mkdirSync(folder);
    const { checkpoint, certificate, unseen } = await beginWithRows(deps, request);
    const signer = signerOf(deps.writer, deps);
    const { verifierKey } = signer;
    const coverage = coverageOf(certificate);
    const { summary, commands } = writeEvidence(reader, folder, {
      ...{ question, unseen, checkpoint, verifierKey, certificate, coverage },
      ...{ archiveVersion: packageVersion(), onStates: request.onStates },
    });
    // The invocations may have been pruned since the first check.
    if (!allowEmpty && summary.invocations + summary.commands === 0) throw new EvidenceEmpty('invocations');
    const hasOutputs = !question.withoutOutputs && !question.redacted?.includes('Output');
    const shown = listed(reader, question);
    const leftOut = { redacted: question.redacted ?? [], withoutOutputs: !hasOutputs };
    const printed = listPrinted(reader, folder, { ...leftOut, filter: question.filter });
    reader.exec('ROLLBACK');
    await request.writeResult?.(folder);
    const hasEmptyResult = question.query !== undefined && isEmpty(join(folder, FILES.resultRows));
    if (!allowEmpty && hasEmptyResult) throw new EvidenceEmpty('result');
    const absence = absenceOf({ ...summary, hasEmptyResult });
    writeFileSync(join(folder, FILES.page), indexPage(summary, { invocations: shown, commands, printed }, absence));
    writeFileSync(join(folder, FILES.guide), verifyGuide({ verifierKey, hasOutputs, coverage, absence, unseen }));
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

/**
 * The asked values that the archive has never seen. Leaves out a value if nobody can know whether it was seen, because
 * a pruned row may have had it or there are too many rows to look through.
 */
function neverSeenOf(sqlite: Database, { question, parameters = [], configured }: EvidenceRequest): AskedUnseen[] {
  return [
    ...findUnseen(sqlite, openValuesOf(question.filter), configured),
    ...findUnseenParameters(sqlite, parameters, configured),
  ].flatMap(({ certainty, ...value }) => (certainty === 'never' ? [value] : []));
}

function coverageOf(note: string): PackCoverage {
  const certificate = certificateOfPack(parseNote(note).text);
  if (!certificate) throw new Error('The text that certifies the coverage of the pack is not a certificate.');
  return statePackCoverage(certificate);
}

/**
 * Signs the ledger, and begins a read transaction that sees exactly the signed leaves. From then on, the reader's tables
 * of invocations have those that are asked for, also the sealed ones. If a day is sealed again meanwhile, its rows are
 * not those of this transaction any more, so another one begins.
 */
async function beginWithRows(deps: EvidenceDeps, request: EvidenceRequest) {
  for (let n = 1; ; n++) {
    const checkpoint = await beginAtCheckpoint(deps, request.question);
    const certificate = request.certify();
    // This must be read in the same transaction as the rest of the pack.
    const unseen = neverSeenOf(deps.reader, request).map(({ near: _, ...value }) => value);
    try {
      await gatherRows(deps, request.question);
      return { checkpoint, certificate, unseen };
    } catch (error) {
      if (!(error instanceof SealedAgain) || n === SEALED_TRIES) throw error;
      deps.reader.exec('ROLLBACK');
    }
  }
}

/** Whether there is anything to pack. The lake is asked only if there is nothing else. */
async function hasAnything(deps: EvidenceDeps, question: EvidenceQuestion): Promise<boolean> {
  const { reader } = deps;
  if (hasInvocations(reader, question) || hasCommands(reader, question.filter)) return true;
  for (let n = 1; ; n++) {
    reader.exec('BEGIN');
    try {
      await gatherRows(deps, question, { isOneEnough: true });
      return hasInvocations(reader, question);
    } catch (error) {
      if (!(error instanceof SealedAgain) || n === SEALED_TRIES) throw error;
    } finally {
      reader.exec('ROLLBACK');
    }
  }
}

async function gatherRows(
  { reader, gather }: EvidenceDeps,
  { filter }: EvidenceQuestion,
  options: { isOneEnough?: boolean } = {},
): Promise<void> {
  const { requestedAfter } = filter;
  const floor = readFloor(reader);
  if (floor === undefined || (requestedAfter !== undefined && requestedAfter >= floor)) return;
  if (!gather) throw noLakeConfigured();
  await gather(reader, filter, options);
}

function hasInvocations(sqlite: Database, { filter }: EvidenceQuestion): boolean {
  const { sql, params } = joined([...conditionsOf(filter, PRESENT).values()]);
  return sqlite.prepare(`SELECT 1 FROM invocations i WHERE ${sql} LIMIT 1`).get(...params) !== undefined;
}

/** Each row is one line, so a file without rows has no bytes. A file that does not exist does not count as empty. */
function isEmpty(path: string): boolean {
  return existsSync(path) && statSync(path).size === 0;
}

/**
 * Indexes all outputs for the search, which otherwise happens some time after they are stored. A pack could not say
 * that its search or query did not see all outputs.
 */
async function makeSearchable({ writer }: EvidenceDeps, { filter, query }: EvidenceQuestion): Promise<void> {
  if (filter.q !== undefined || query !== undefined) await indexOutputs(writer);
}

/** Signs the ledger, and begins a read transaction that sees exactly the signed leaves. */
async function beginAtCheckpoint(deps: EvidenceDeps, question: EvidenceQuestion): Promise<MadeCheckpoint> {
  const { writer, reader, ...signing } = deps;
  for (let n = 0; n < TRIES; n++) {
    await makeSearchable(deps, question);
    const checkpoint = makeCheckpoint(writer, signing);
    reader.exec('BEGIN');
    const isWhole = question.filter.q === undefined || countUnsearchable(reader) === 0;
    if (isWhole && tileStore(reader).size() === checkpoint.size) return checkpoint;
    reader.exec('ROLLBACK');
    await sleep(PAUSE_MS);
  }
  throw new Error('The archive is being written to all the time: make the pack between two passes.');
}

function listed(sqlite: Database, { filter }: EvidenceQuestion): ListedInvocation[] {
  const { sql, params } = joined([...conditionsOf(filter, PRESENT).values()]);
  return sqlite
    .prepare<unknown[], ListedInvocation>(
      `SELECT ${INVOCATION_COLUMNS} FROM invocations i WHERE ${sql} ORDER BY i.requested_at, i.id LIMIT ?`,
    )
    .all(...params, MOST_LISTED);
}
