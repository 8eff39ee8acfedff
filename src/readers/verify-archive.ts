import { availableParallelism } from 'node:os';
import SQLite, { type Database } from 'better-sqlite3';
import { checkCheckpoints } from '../archive/verify/check-checkpoints.ts';
import { checkOutputs } from '../archive/verify/check-derived.ts';
import { checkTiles } from '../archive/verify/check-tree.ts';
import { addFault, type Fault } from '../archive/verify/fault.ts';
import { nameOfLeaf } from '../archive/verify/name-of-leaf.ts';
import type { VerifiedPart, VerifyTask } from '../archive/verify/verify-task.ts';
import { parseVerifierKey } from '../ledger/note-key.ts';
import { tileStore } from '../ledger/tile-store.ts';
import { TILE_WIDTH } from '../ledger/tiles.ts';
import { treeRoot } from '../ledger/tree-root.ts';
import { runQueue } from '../lib/run-queue.ts';
import { sleep } from '../lib/time.ts';
import { forkVerifier, type Verifier } from './verify/fork-verifier.ts';

export interface VerifyQuestion {
  path: string;
  /** Public keys from elsewhere, `<name>+<id>+<base64>`; parsed by the caller already. */
  trustedKeys: readonly string[];
  /** Checkpoints from elsewhere, and where each is from. */
  outside: readonly { from: string; note: string }[];
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: VerifyProgress) => void) | undefined;
  /** Verifying processes; as many as there are cores unless said. */
  processes?: number | undefined;
}

export interface VerifyProgress {
  leaves: number;
  of: number;
}

/** What a verification came to. */
export interface Verdict {
  isIntact: boolean;
  /** Leaves, and the root over them in base64, of the ledger as the file has it. */
  size: number;
  root: string;
  revisions: number;
  checkpoints: number;
  outsideCheckpoints: number;
  /** The first in the order of the ledger first; at most a hundred. */
  faults: Fault[];
}

const LEAVES_AT_ONCE = 64 * TILE_WIDTH;
const TRIES = 100;
const PAUSE_MS = 20;

/**
 * Verifies an archive whole, in several processes: leaves from the stored states, rows from the last states, outputs, tree, checkpoints.
 * What is written meanwhile is not looked at. Throws VerifyFailed where a process dies or no common state can be had, and what `signal` aborts with.
 */
export async function verifyArchive(question: VerifyQuestion): Promise<Verdict> {
  const sqlite = new SQLite(question.path, { readonly: true, fileMustExist: true });
  const count = question.processes ?? availableParallelism();
  const verifiers = Array.from({ length: Math.max(1, count) }, () => forkVerifier(question.path));
  const end = () => {
    for (const verifier of verifiers) verifier.end();
  };
  const aborted = new Promise<never>((_, reject) => {
    question.signal?.addEventListener('abort', () => {
      end();
      reject(question.signal?.reason);
    });
  });
  aborted.catch(() => {});
  try {
    return await Promise.race([verifyBy(verifiers, sqlite, question), aborted]);
  } finally {
    end();
    sqlite.close();
  }
}

async function verifyBy(verifiers: readonly Verifier[], sqlite: Database, question: VerifyQuestion): Promise<Verdict> {
  const size = await beginTogether(verifiers, sqlite);
  const ranges = Array.from({ length: Math.ceil(size / LEAVES_AT_ONCE) }, (_, n) => ({
    kind: 'leaves' as const,
    from: n * LEAVES_AT_ONCE,
    to: Math.min((n + 1) * LEAVES_AT_ONCE, size),
  }));
  const tasks: VerifyTask[] = [{ kind: 'sqlite' }, { kind: 'rows' }, { kind: 'derived' }, ...ranges];
  const parts: VerifiedPart[] = [];
  const idle = [...verifiers];
  let leaves = 0;
  question.onProgress?.({ leaves, of: size });
  await runQueue(tasks, verifiers.length, async (task) => {
    const verifier = idle.pop();
    if (!verifier) throw new Error('More parts at once than processes.');
    const part = await verifier.verify(task, (more) => {
      leaves += more;
      question.onProgress?.({ leaves, of: size });
    });
    idle.push(verifier);
    parts.push(part);
  });
  return judge(sqlite, size, parts, question);
}

/** All see the same state once they see the same size: whatever counts here is written with a leaf. */
async function beginTogether(verifiers: readonly Verifier[], sqlite: Database): Promise<number> {
  for (let n = 0; n < TRIES; n++) {
    if (sqlite.inTransaction) sqlite.exec('COMMIT');
    sqlite.exec('BEGIN');
    const size = tileStore(sqlite).size();
    const sizes = await Promise.all(verifiers.map((verifier) => verifier.begin()));
    if (sizes.every((other) => other === size)) return size;
    await sleep(PAUSE_MS);
  }
  throw new Error('The archive is being written to all the time: verify it between two passes.');
}

function judge(sqlite: Database, size: number, parts: readonly VerifiedPart[], question: VerifyQuestion): Verdict {
  const ofLeaves = parts.filter((part) => part.kind === 'leaves').sort((a, b) => a.from - b.from);
  const faults: Fault[] = [];
  const revisions = ofLeaves.reduce((sum, part) => sum + part.revisions, 0);
  const packed = ofLeaves.reduce((sum, part) => sum + part.packedStates, 0);
  const sameFault = new Set<string>();
  const tell = (more: readonly Fault[]) => {
    for (const fault of more) {
      if (!sameFault.has(fault.what)) addFault(faults, fault.what, fault.leaf);
      sameFault.add(fault.what);
    }
  };
  tell(ofLeaves.flatMap((part) => part.faults));
  tell(checkTiles(sqlite, Buffer.concat(ofLeaves.map((part) => part.hashes)), (leaf) => nameOfLeaf(sqlite, leaf)));
  tell(extraFaults(sqlite, size, revisions, packed));
  tell(parts.filter((part) => part.kind === 'faults').flatMap((part) => part.faults));
  tell(
    checkOutputs(
      sqlite,
      ofLeaves.map((part) => part.outputs),
    ),
  );
  const { read } = tileStore(sqlite);
  const trusted = question.trustedKeys.map(parseVerifierKey);
  const checked = checkCheckpoints(sqlite, {
    size,
    rootOf: (at) => treeRoot(read, at),
    trusted,
    outside: question.outside,
  });
  tell(checked.faults);
  return {
    isIntact: faults.length === 0,
    size,
    root: rootOrNothing(() => treeRoot(read, size)),
    revisions,
    checkpoints: checked.held,
    outsideCheckpoints: question.outside.length,
    faults: faults.sort((a, b) => (a.leaf ?? Number.POSITIVE_INFINITY) - (b.leaf ?? Number.POSITIVE_INFINITY)),
  };
}

/** What is there beside what the leaves stand for. */
function extraFaults(sqlite: Database, size: number, revisions: number, packedStates: number): Fault[] {
  const faults: Fault[] = [];
  const number = (sql: string) => Number(sqlite.prepare(sql).pluck().get());
  const beyond = number(`SELECT (SELECT count(*) FROM main.revisions WHERE seq > ${size} OR seq < 1)
    + (SELECT count(*) FROM main.ledger_entries WHERE seq > ${size} OR seq < 1)`);
  if (beyond > 0) addFault(faults, `${beyond} revisions or entries have no leaf in the ledger`);
  const entries = number('SELECT count(*) FROM main.ledger_entries');
  if (revisions + entries !== size + beyond)
    addFault(faults, `the ledger has ${size} leaves, the file ${revisions} revisions and ${entries} other entries`);
  if (packedStates !== revisions)
    addFault(faults, `revision_pages has ${packedStates} states for ${revisions} revisions`);
  const unused = number(
    'SELECT count(*) FROM main.revision_pages WHERE id NOT IN (SELECT page_id FROM main.revisions WHERE line = 0)',
  );
  if (unused > 0) addFault(faults, `${unused} pages of revisions belong to no revision`);
  if (number("SELECT count(*) FROM main.ledger_entries WHERE kind = 'ledger'") !== 1)
    addFault(faults, 'the archive is not in its ledger yet: run "ssm-archive ingest" once');
  return faults;
}

function rootOrNothing(root: () => Buffer): string {
  try {
    return root().toString('base64');
  } catch {
    // Tiles are missing, which is told above.
    return '';
  }
}
