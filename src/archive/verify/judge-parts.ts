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
import { saySealed } from './sealed/say-sealed.ts';
import { countUnsignedPasses } from './trust/count-unsigned-passes.ts';
import { reasonsForDoubt } from './trust/judge-trust.ts';
import type { VerifiedPart } from './verify-task.ts';

/** The result of a verification. */
export interface Verdict {
  /**
   * `intact`: a key or a checkpoint from outside confirms that the first `heldLeaves` leaves are what was observed.
   * `consistent`: the file's parts fit each other, but `doubts` say what nothing from outside confirms. `not-intact`:
   * `faults` say what is wrong.
   */
  verdict: 'intact' | 'consistent' | 'not-intact';
  /** True only for `intact`. */
  isIntact: boolean;
  /** The number of leaves in the file's ledger, and the root over them in base64. */
  size: number;
  root: string;
  revisions: number;
  /** How many leaves have entries that were pruned, each with a tombstone. */
  pruned: number;
  /** How many leaves have their rows in the lake alone. Their rows were not read. */
  sealed: number;
  /** How many days are sealed. */
  sealedDays: number;
  checkpoints: number;
  /**
   * How many checkpoints somebody kept outside the archive, and how many the service itself wrote outside of the file.
   */
  outsideCheckpoints: number;
  ownOutsideCheckpoints: number;
  /**
   * The size of the newest checkpoint and the key that signed it. `heldLeaves`: how many leaves `heldBy` confirms,
   * which is a key or a checkpoint from outside.
   */
  signedLeaves: number;
  signedBy: string | null;
  heldLeaves: number;
  heldBy: 'key' | 'checkpoint' | null;
  /** How many cosignatures are correct, and how many witnesses made them. */
  cosignatures: number;
  witnesses: number;
  /** The faults in the order of the ledger; at most a hundred from each check. */
  faults: Fault[];
  /** Why the archive is only consistent: one sentence for each reason. No sentence may sound like success. */
  doubts: string[];
  /**
   * Sentences about keys that took over from others, about what the archive could not be compared with, and about what
   * is in the lake and was not read.
   */
  notes: string[];
}

export interface PartsToJudge {
  /** The size that sizeToVerify returned, and the results of all parts of planParts. */
  size: number;
  parts: readonly VerifiedPart[];
  /** Public keys from outside, `<name>+<id>+<base64>`. The caller has parsed them already. */
  trustedKeys: readonly string[];
  outside: readonly OutsideCheckpoint[];
  /** The record of what the archive's key signed last. */
  record?: { from: string; note: string } | undefined;
  /** Sentences about files beside the archive that could not be read. */
  unread?: readonly string[] | undefined;
}

/** What this installation knows about the archive from outside the file. */
export type KnownOutside = Pick<PartsToJudge, 'trustedKeys' | 'outside' | 'record' | 'unread'>;

/** The result if SQLite cannot read the checkpoints. */
const NOT_CHECKED: CheckedCheckpoints = {
  ...{ faults: [], held: 0, notes: [], signedLeaves: 0, signedBy: undefined, heldLeaves: 0, heldBy: undefined },
};

/**
 * Combines the results of the parts, and makes the checks that need all of them: tiles, counts, outputs, checkpoints.
 * The connection's transaction must see the same state of the file as the parts did.
 */
export function judgeParts(
  sqlite: Database,
  { size, parts, trustedKeys, outside, record, unread = [] }: PartsToJudge,
): Verdict {
  const ofLeaves = parts.filter((part) => part.kind === 'leaves').sort((a, b) => a.from - b.from);
  const sum = (of: 'revisions' | 'pruned' | 'sealed' | 'batchStates') =>
    ofLeaves.reduce((total, part) => total + part[of], 0);
  const revisions = sum('revisions');
  const pruned = sum('pruned');
  const sealed = sum('sealed');
  const faults: Fault[] = [];
  const told = new Set<string>();
  const tell = (more: readonly Fault[]) => {
    // The limit on faults is for each check, however many faults other checks found.
    const own: Fault[] = [];
    for (const { what, leaf } of more) if (!told.has(what)) addFault(own, what, leaf);
    for (const { what } of own) told.add(what);
    faults.push(...own);
  };
  const others = parts.filter((part) => part.kind === 'faults');
  // Faults of tombstones come first, because a wrong tombstone makes other things look wrong too.
  tell(others.flatMap((part) => (part.of === 'tombstones' ? part.faults : [])));
  tell(ofLeaves.flatMap((part) => part.faults));
  const hashes = Buffer.concat(ofLeaves.map((part) => part.hashes));
  tell(findings(() => checkTiles(sqlite, hashes, (leaf) => nameOfLeaf(sqlite, leaf))));
  tell(findings(() => checkCounts(sqlite, { size, revisions, pruned, sealed, batchStates: sum('batchStates') })));
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
  const sealedDays = countSealedDays(sqlite);
  const doubts = reasonsForDoubt(checked, unsignedPasses);
  const verdict = faults.length > 0 ? 'not-intact' : doubts.length > 0 ? 'consistent' : 'intact';
  return {
    verdict,
    isIntact: verdict === 'intact',
    size,
    root: rootOrNothing(sqlite, size),
    revisions,
    pruned,
    sealed,
    sealedDays,
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
    notes: [...unread, ...checked.notes, ...saySealed({ sealed, sealedDays })],
  };
}

function countSealedDays(sqlite: Database): number {
  let days = 0;
  findings(() => {
    days = Number(sqlite.prepare('SELECT count(*) FROM main.sealed_days WHERE pruned_seq IS NULL').pluck().get());
    return [];
  });
  return days;
}

function rootOrNothing(sqlite: Database, size: number): string {
  try {
    return treeRoot(tileStore(sqlite).read, size).toString('base64');
  } catch {
    // Tiles are missing, which checkTiles reports.
    return '';
  }
}
