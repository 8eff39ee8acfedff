import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { keepCosignature } from '../../../src/archive/checkpoints/keep-cosignature.ts';
import { type MadeCheckpoint, makeCheckpoint } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { noteClaim } from '../../../src/archive/claims/note-claim.ts';
import { endSource } from '../../../src/archive/coverage/sources/end-source.ts';
import { noteOwed } from '../../../src/archive/coverage/sources/note-owed.ts';
import { takeLease } from '../../../src/archive/file/lease.ts';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { placeHold } from '../../../src/archive/holds/place-hold.ts';
import { releaseHold } from '../../../src/archive/holds/release-hold.ts';
import { settleArchiveNumber } from '../../../src/archive/number/settle-archive-number.ts';
import { prune } from '../../../src/archive/prune/prune.ts';
import { markListedTo } from '../../../src/archive/record/command-listings.ts';
import { indexOutputs } from '../../../src/archive/record/index-outputs.ts';
import { recordFullOutputs } from '../../../src/archive/record/record-full-outputs.ts';
import { createListedCommandRecorder } from '../../../src/archive/record/record-listed-commands.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { beginRun, finishRun, recordRunSource } from '../../../src/archive/record/record-run.ts';
import { createSenderRecorder } from '../../../src/archive/record/record-senders.ts';
import { beginSweep, finishSweep } from '../../../src/archive/record/record-sweep.ts';
import {
  listCommandsToFollow,
  noteListed,
  rememberExecuting,
} from '../../../src/archive/record/unfinished-commands.ts';
import type { PartsToJudge, Verdict } from '../../../src/archive/verify/judge-parts.ts';
import { verifyWhole } from '../../../src/archive/verify/verify-whole.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { createCosigner } from '../../../src/ledger/notes/create-cosigner.ts';
import { createNoteKey, type NoteSigner } from '../../../src/ledger/notes/note-key.ts';
import { formatSignature, parseNote } from '../../../src/ledger/notes/signed-note.ts';
import { emptyTally } from '../../../src/model/coverage/counters.ts';
import { PROVENANCES } from '../../../src/model/outputs/full-output.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';
import { type Members, OBSERVED_AT, page } from '../raw-invocation.ts';
import { invocationsOf, rawCommand, SOURCES, sender, shortCommand, sourceOf } from './odd-fleet.ts';

export interface BuiltArchive {
  /** The bytes of the file, which can be opened in memory or written to a disk. */
  bytes: Buffer;
  /** The private key that signs the archive, and its public form. */
  keyPath: string;
  checkpoints: MadeCheckpoint[];
  folder: string;
  remove(): void;
}

const HOUR_MS = 3_600_000;
const START_MS = Date.parse(OBSERVED_AT);
const at = (hours: number) => new Date(START_MS + hours * HOUR_MS).toISOString();

/**
 * An archive made with the real functions: two accounts, odd texts, states that change, passes that ended and one that
 * did not, checkpoints.
 */
export async function buildArchive(invocations: number, { isPruned = true } = {}): Promise<BuiltArchive> {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-attack-'));
  const path = join(folder, 'archive.db');
  const keyPath = join(folder, 'ledger.key');
  const db = openArchive(path);
  numberAndClaim(db.sqlite);
  const checkpoints = [0, 1, 2].map((hour) => {
    recordPass(db, hour, invocationsOf(invocations, hour));
    const made = sign(db.sqlite, keyPath, hour);
    for (const witness of WITNESSES) keepCosignature(db.sqlite, { size: made.size, ...cosigned(made.note, witness) });
    return made;
  });
  createSenderRecorder(db.sqlite)([0, 1, 2].map(sender));
  oweSome(db);
  forgetOne(db);
  fetchSome(db);
  if (isPruned) await pruneSome(db);
  checkpoints.push(sign(db.sqlite, keyPath, 3));
  await indexOutputs(db.sqlite);
  leaveOpen(db);
  db.sqlite.pragma('journal_mode = DELETE');
  db.close();
  return { bytes: readFileSync(path), keyPath, checkpoints, folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** The greatest number that an archive may have, a place of the lake that it owns, and one that it has released. */
function numberAndClaim(sqlite: Database): void {
  settleArchiveNumber(sqlite, 8191, at(0));
  const claim = { accountId: '111122223333', turn: 2, fromDay: '2026-01-01', claimedAt: at(0), claimedBy: 'seal' };
  noteClaim(sqlite, { ...claim, region: 'eu-west-1', untilDay: null, releasedAt: null, releasedBy: null });
  const release = { untilDay: '2026-02-01', releasedAt: at(1), releasedBy: 'alice' };
  noteClaim(sqlite, { ...claim, region: 'us-east-1', ...release });
}

const WITNESSES = ['witness.example/w1', 'zeuge.example/\ufffd'].map((name, n) =>
  createCosigner(createNoteKey(name, (size) => Buffer.alloc(size, n + 1)).signingKey, () => new Date(START_MS)),
);

function cosigned(note: string, witness: NoteSigner): { witness: string; signature: string } {
  const signature = witness.sign(Buffer.from(parseNote(note).text));
  return { witness: witness.name, signature: formatSignature({ ...witness, signature }).trimEnd() };
}

export function sign(sqlite: Database, keyPath: string, hour: number): MadeCheckpoint {
  return makeCheckpoint(sqlite, {
    keyPath,
    random: (size) => Buffer.alloc(size, keyPath.length),
    now: () => new Date(at(hour)),
    witnesses: WITNESSES.map(({ verifierKey }) => verifierKey),
  });
}

/** One pass over all sources, with two sweeps that cover and one that failed. */
export function recordPass(db: Pick<ArchiveDb, 'sqlite'>, hour: number, raws: readonly Members[]): void {
  const record = createSingleReplyRecorder(db.sqlite);
  const runId = beginRun(db.sqlite, { startedAt: at(hour), collector: 'here:1' });
  const ended = { startedAt: at(hour), finishedAt: at(hour + 0.5) };
  for (const [n, source] of SOURCES.entries()) {
    const own = raws.filter((raw) => sourceOf(raw) === source);
    for (let from = 0; from < own.length; from += 50)
      record(page(own.slice(from, from + 50), { source, observedAt: at(hour) }));
    const commands = [rawCommand(n, hour), ...(n === 0 ? [shortCommand(hour)] : [])];
    createListedCommandRecorder(db.sqlite)(source, at(hour), commands.map(observeCommand));
    for (const covers of [true, false]) {
      const fromMs = START_MS + (hour * 2 + (covers ? 0 : 9)) * HOUR_MS;
      const span = { from: fromMs, to: fromMs + HOUR_MS };
      const target = { operation: 'ListCommandInvocations', fromMs, toMs: span.to } as const;
      const id = beginSweep(db.sqlite, { runId, source, target, startedAt: at(hour) });
      const tally = { ...emptyTally(), pages: 2, calls: 3, rowsSeen: own.length };
      finishSweep(db.sqlite, id, {
        ...(covers ? { outcome: 'complete', covered: { source, spans: [span] } } : { outcome: 'failed', error: 'No.' }),
        finishedAt: ended.finishedAt,
        tally,
        requestIds: [`${n}-first`, `${n}-second`],
      });
    }
    recordRunSource(db.sqlite, runId, {
      ...{ ...emptyTally(), ...source, ...ended, alias: `alias ${n}`, clockSkewMs: n },
      ...(n === 0 ? { outcome: 'complete', error: null } : { outcome: 'failed', error: 'Two sweeps failed.' }),
    });
  }
  finishRun(db.sqlite, runId, { finishedAt: ended.finishedAt, outcome: 'failed' });
}

/** A source that answered, one that never did, and one that was ended. */
function oweSome({ sqlite }: ArchiveDb): void {
  noteOwed(sqlite, [{ alias: 'alias 0' }, { alias: 'never answered' }, { alias: 'ended 😀' }], { at: at(0) });
  noteOwed(sqlite, [{ alias: 'alias 0', ...SOURCES[0] }], { at: at(1), hasAnswered: true });
  endSource(sqlite, { alias: 'ended 😀', at: at(2), by: 'me', reason: 'closed \ufffd' });
}

/** One command that the service no longer shows, one that it showed again, and one that is executing. */
function forgetOne(db: ArchiveDb): void {
  const [source] = SOURCES;
  const executing = (commandId: string) => ({ commandId, requestedAt: at(0), countsJson: '{"CompletedCount":1}' });
  rememberExecuting(db.sqlite, source, ['lost', 'back', 'executing'].map(executing), at(3));
  for (const command of listCommandsToFollow(db.sqlite, source).filter(({ commandId }) =>
    ['lost', 'back'].includes(commandId),
  ))
    noteListed(db.sqlite, source, command, { at: at(3.1), isForgotten: true });
  rememberExecuting(db.sqlite, source, ['back', 'executing'].map(executing), at(3.2));
}

/** Fetched outputs in every encoding, whole and cut, also of the commands that are pruned. */
function fetchSome({ sqlite }: ArchiveDb): void {
  const bytes = [
    Buffer.from('fetched 😀 \ufffd\n'),
    Buffer.from('\ufeffgrößer\n', 'utf16le'),
    Buffer.from([0x80, 0, 0xff]),
    Buffer.from('a\0b\0c\0'),
  ];
  const ids = sqlite
    .prepare<[], number>('SELECT id FROM invocations WHERE id IN (SELECT invocation_id FROM plugins) LIMIT 30')
    .pluck()
    .all();
  for (const [n, invocationId] of ids.entries()) {
    const provenance = PROVENANCES[n % PROVENANCES.length] ?? 'get';
    const own = Buffer.concat([bytes[n % bytes.length] ?? Buffer.alloc(0), Buffer.from(n % 4 === 1 ? [] : `${n % 9}`)]);
    const cutBy = n % 3 === 0 ? ('limit' as const) : null;
    const location = provenance === 'get' ? null : { bucket: 'half \ufffd', key: `k${n}` };
    recordFullOutputs(sqlite, { invocationId, position: 0, name: 'odd \ufffd', provenance, fetchedAt: at(2.5) }, [
      { stream: 'stdout', bytes: own, totalBytes: cutBy ? own.length + n : own.length, cutBy, location },
      { stream: 'stderr', bytes: Buffer.alloc(0), totalBytes: null, cutBy: null, location },
    ]);
  }
}

/** A command that was pruned entirely, one without its outputs, a hold, and a released hold. */
async function pruneSome(db: ArchiveDb): Promise<void> {
  const placed = { reason: 'case 7 😀', placedBy: 'legal', placedAt: at(2.6) };
  placeHold(db.sqlite, { ...placed, commandId: 'command-2', fromAt: at(0) });
  const id = placeHold(db.sqlite, { ...placed, accountId: SOURCES[0].accountId });
  releaseHold(db.sqlite, { id, reason: 'closed', by: 'legal', at: at(2.7) });
  const deps = { sqlite: db.sqlite, now: () => new Date(at(2000)), renew: () => {} };
  const order = { by: 'me', reason: 'retention' };
  await prune(deps, { ...order, kind: 'invocations', selection: { commandId: 'command-4' } });
  await prune(deps, { ...order, kind: 'outputs', selection: { commandId: 'command-3' } });
  db.sqlite.pragma('foreign_keys = ON');
}

/** What a running collector leaves: an open pass and sweep, a lease, and how far commands are listed. */
function leaveOpen(db: ArchiveDb): void {
  const [source] = SOURCES;
  const runId = beginRun(db.sqlite, { startedAt: at(4), collector: 'here:1' });
  beginSweep(db.sqlite, { runId, source, target: { operation: 'ListCommands', commandId: 'lost' }, startedAt: at(4) });
  markListedTo(db.sqlite, source, START_MS);
  takeLease({ sqlite: db.sqlite, isAlive: () => true }, { id: '1:a', host: 'here', pid: 1 }, START_MS);
}

/** The archive on a connection of its own, in memory. */
export function opened({ bytes }: Pick<BuiltArchive, 'bytes'>): Database {
  return new SQLite(Buffer.from(bytes));
}

/**
 * Makes changes as somebody could who may write anything: without triggers and constraints. All of these are restored
 * at the end.
 */
export function asAttacker<Result>(sqlite: Database, attack: () => Result): Result {
  const triggers = sqlite
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  // An attacker can also write to SQLite’s own tables and to the tables of the search index.
  sqlite.unsafeMode(true);
  sqlite.pragma('foreign_keys = OFF');
  sqlite.pragma('ignore_check_constraints = ON');
  for (const { name } of triggers) sqlite.exec(`DROP TRIGGER ${name}`);
  const result = attack();
  for (const { sql } of triggers) sqlite.exec(sql);
  sqlite.pragma('ignore_check_constraints = OFF');
  sqlite.unsafeMode(false);
  return result;
}

/** Runs all parts of a verification on this connection, one after the other. */
export function verifyInProcess(
  sqlite: Database,
  { trustedKeys = [], outside = [] }: Partial<PartsToJudge> = {},
): Verdict {
  return verifyWhole(sqlite, { trustedKeys, outside });
}

/** The verdict on a copy of the archive after an attack on it. */
export function verdictAfter(
  archive: Pick<BuiltArchive, 'bytes'>,
  attack: (sqlite: Database) => void,
  known?: Partial<PartsToJudge>,
): Verdict {
  const sqlite = opened(archive);
  try {
    asAttacker(sqlite, () => attack(sqlite));
    return verifyInProcess(sqlite, known);
  } finally {
    sqlite.close();
  }
}

/** The faults' sentences, one line each. */
export function sentences({ faults }: Verdict): string {
  return faults.map(({ what }) => what).join('\n');
}
