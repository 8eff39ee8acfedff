import type { Database } from 'better-sqlite3';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { treeRoot } from '../../ledger/tree/tree-root.ts';
import { checkCounts } from './check-counts.ts';
import { checkOutputs } from './check-outputs.ts';
import { checkTiles } from './check-tree.ts';
import { type CheckedCheckpoints, checkCheckpoints } from './checkpoints/check-checkpoints.ts';
import { addFault, type Fault, findings } from './fault.ts';
import { nameOfLeaf } from './name-of-leaf.ts';
import type { OutsideCheckpoint } from './outside/outside-checkpoint.ts';
import { countUnsignedPasses } from './trust/count-unsigned-passes.ts';
import { reasonsForDoubt } from './trust/judge-trust.ts';
import type { VerifiedPart } from './verify-task.ts';

/** What a verification came to. */
export interface Verdict {
  /**
   * `intact`: it is what was observed, up to `heldLeaves`, by a key or a checkpoint from outside. `consistent`: its parts fit each other, and
   * `notes` say what of it nothing from outside holds. `not-intact`: `faults` say what is wrong.
   */
  verdict: 'intact' | 'consistent' | 'not-intact';
  /** For `intact` alone. */
  isIntact: boolean;
  /** Leaves, and the root over them in base64, of the ledger as the file has it. */
  size: number;
  root: string;
  revisions: number;
  /** Leaves whose entries were pruned, each under a tombstone. */
  pruned: number;
  checkpoints: number;
  /** Those that somebody kept elsewhere, and those that the service wrote outside of the file. */
  outsideCheckpoints: number;
  ownOutsideCheckpoints: number;
  /** How many leaves the newest checkpoint is of, the key that signed it, and how many are held to something from outside, and to what. */
  signedLeaves: number;
  signedBy: string | null;
  heldLeaves: number;
  heldBy: 'key' | 'checkpoint' | null;
  /** Cosignatures that hold, and of how many witnesses. */
  cosignatures: number;
  witnesses: number;
  /** The first in the order of the ledger first; at most a hundred of each check. */
  faults: Fault[];
  /** Why it is no more than consistent, a sentence each. No word of it may be read as success. */
  doubts: string[];
  /** What is to be known beside: keys that took over from others, and what the archive could not be held to. */
  notes: string[];
}

export interface PartsToJudge {
  /** As sizeToVerify gave it, and all parts of planParts. */
  size: number;
  parts: readonly VerifiedPart[];
  /** Public keys from elsewhere, `<name>+<id>+<base64>`; parsed by the caller already. */
  trustedKeys: readonly string[];
  outside: readonly OutsideCheckpoint[];
  /** The record of what the archive's key has signed last. */
  record?: { from: string; note: string } | undefined;
  /** What could not be read beside the archive, as sentences. */
  unread?: readonly string[] | undefined;
}

/** What this installation knows beside the archive. */
export type KnownOutside = Pick<PartsToJudge, 'trustedKeys' | 'outside' | 'record' | 'unread'>;

/** Where SQLite can't read them. */
const NOT_CHECKED: CheckedCheckpoints = {
  ...{ faults: [], held: 0, notes: [], signedLeaves: 0, signedBy: undefined, heldLeaves: 0, heldBy: undefined },
};

/** Puts the parts together, and checks what needs all of them: tiles, counts, outputs, checkpoints. On the parts' own state of the file. */
export function judgeParts(
  sqlite: Database,
  { size, parts, trustedKeys, outside, record, unread = [] }: PartsToJudge,
): Verdict {
  const ofLeaves = parts.filter((part) => part.kind === 'leaves').sort((a, b) => a.from - b.from);
  const sum = (of: 'revisions' | 'pruned' | 'batchStates') => ofLeaves.reduce((total, part) => total + part[of], 0);
  const revisions = sum('revisions');
  const pruned = sum('pruned');
  const faults: Fault[] = [];
  const told = new Set<string>();
  const tell = (more: readonly Fault[]) => {
    // Each check has its say, however much another has found.
    const own: Fault[] = [];
    for (const { what, leaf } of more) if (!told.has(what)) addFault(own, what, leaf);
    for (const { what } of own) told.add(what);
    faults.push(...own);
  };
  const others = parts.filter((part) => part.kind === 'faults');
  // What else a wrong tombstone makes look wrong follows from it.
  tell(others.flatMap((part) => (part.of === 'tombstones' ? part.faults : [])));
  tell(ofLeaves.flatMap((part) => part.faults));
  const hashes = Buffer.concat(ofLeaves.map((part) => part.hashes));
  tell(findings(() => checkTiles(sqlite, hashes, (leaf) => nameOfLeaf(sqlite, leaf))));
  tell(findings(() => checkCounts(sqlite, { size, revisions, pruned, batchStates: sum('batchStates') })));
  tell(others.flatMap((part) => part.faults));
  const cosigned = parts.find((part) => part.kind === 'cosignatures');
  tell(cosigned?.faults ?? []);
  const outputs = ofLeaves.map((part) => part.outputs);
  tell(findings(() => checkOutputs(sqlite, outputs)));
  let checked: CheckedCheckpoints = NOT_CHECKED;
  let unsignedPasses = 0;
  tell(
    findings(() => {
      const { read } = tileStore(sqlite);
      checked = checkCheckpoints(sqlite, { size, rootOf: (at) => treeRoot(read, at), trustedKeys, outside, record });
      unsignedPasses = countUnsignedPasses(sqlite, checked.signedLeaves);
      return checked.faults;
    }),
  );
  const doubts = reasonsForDoubt(checked, unsignedPasses);
  const verdict = faults.length > 0 ? 'not-intact' : doubts.length > 0 ? 'consistent' : 'intact';
  return {
    verdict,
    isIntact: verdict === 'intact',
    size,
    root: rootOrNothing(sqlite, size),
    revisions,
    pruned,
    checkpoints: checked.held,
    outsideCheckpoints: outside.filter(({ isOwn = false }) => !isOwn).length,
    ownOutsideCheckpoints: outside.filter(({ isOwn = false }) => isOwn).length,
    signedLeaves: checked.signedLeaves,
    signedBy: checked.signedBy ?? null,
    heldLeaves: faults.length > 0 ? 0 : checked.heldLeaves,
    heldBy: faults.length > 0 ? null : (checked.heldBy ?? null),
    cosignatures: cosigned?.held ?? 0,
    witnesses: cosigned?.witnesses ?? 0,
    faults: faults.sort((a, b) => (a.leaf ?? Number.POSITIVE_INFINITY) - (b.leaf ?? Number.POSITIVE_INFINITY)),
    doubts: faults.length > 0 ? [] : doubts,
    notes: [...unread, ...checked.notes],
  };
}

function rootOrNothing(sqlite: Database, size: number): string {
  try {
    return treeRoot(tileStore(sqlite).read, size).toString('base64');
  } catch {
    // Tiles are missing, which is told above.
    return '';
  }
}
