import type { Database } from 'better-sqlite3';
import { parseVerifierKey } from '../../ledger/note-key.ts';
import { tileStore } from '../../ledger/tile-store.ts';
import { treeRoot } from '../../ledger/tree-root.ts';
import { checkCheckpoints, type OutsideCheckpoint } from './check-checkpoints.ts';
import { checkCounts } from './check-counts.ts';
import { checkOutputs } from './check-outputs.ts';
import { checkTiles } from './check-tree.ts';
import { addFault, type Fault, findings } from './fault.ts';
import { nameOfLeaf } from './name-of-leaf.ts';
import type { VerifiedPart } from './verify-task.ts';

/** What a verification came to. */
export interface Verdict {
  isIntact: boolean;
  /** Leaves, and the root over them in base64, of the ledger as the file has it. */
  size: number;
  root: string;
  revisions: number;
  /** Leaves whose entries were pruned, each under a tombstone. */
  pruned: number;
  checkpoints: number;
  outsideCheckpoints: number;
  /** Cosignatures that hold, and of how many witnesses. */
  cosignatures: number;
  witnesses: number;
  /** The first in the order of the ledger first; at most a hundred of each check. */
  faults: Fault[];
  /** What is to be known beside: keys that took over from others, and what the archive could not be held to. */
  notes: string[];
}

export interface PartsToJudge {
  /** As sizeToVerify gave it, and all parts of planParts. */
  size: number;
  parts: readonly VerifiedPart[];
  /** Public keys from elsewhere, `<name>+<id>+<base64>`; parsed by the caller already. */
  trustedKeys: readonly string[];
  /** Checkpoints from elsewhere, and where each is from. */
  outside: readonly OutsideCheckpoint[];
  /** The record of what the archive's key has signed last. */
  record?: { from: string; note: string } | undefined;
  /** What could not be read beside the archive, as sentences. */
  unread?: readonly string[] | undefined;
}

/** What this installation knows beside the archive. */
export type KnownOutside = Pick<PartsToJudge, 'trustedKeys' | 'outside' | 'record' | 'unread'>;

/** Puts the parts together, and checks what needs all of them: tiles, counts, outputs, checkpoints. On the parts' own state of the file. */
export function judgeParts(
  sqlite: Database,
  { size, parts, trustedKeys, outside, record, unread = [] }: PartsToJudge,
): Verdict {
  const ofLeaves = parts.filter((part) => part.kind === 'leaves').sort((a, b) => a.from - b.from);
  const sum = (of: 'revisions' | 'pruned' | 'packedStates') => ofLeaves.reduce((total, part) => total + part[of], 0);
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
  tell(findings(() => checkCounts(sqlite, { size, revisions, pruned, packedStates: sum('packedStates') })));
  tell(others.flatMap((part) => part.faults));
  const cosigned = parts.find((part) => part.kind === 'cosignatures');
  tell(cosigned?.faults ?? []);
  const outputs = ofLeaves.map((part) => part.outputs);
  tell(findings(() => checkOutputs(sqlite, outputs)));
  let checkpoints = 0;
  const notes: string[] = [...unread];
  tell(
    findings(() => {
      const { read } = tileStore(sqlite);
      const trusted = trustedKeys.map(parseVerifierKey);
      const checked = checkCheckpoints(sqlite, { size, rootOf: (at) => treeRoot(read, at), trusted, outside, record });
      checkpoints = checked.held;
      notes.push(...checked.notes);
      return checked.faults;
    }),
  );
  return {
    isIntact: faults.length === 0,
    size,
    root: rootOrNothing(sqlite, size),
    revisions,
    pruned,
    checkpoints,
    outsideCheckpoints: outside.length,
    cosignatures: cosigned?.held ?? 0,
    witnesses: cosigned?.witnesses ?? 0,
    faults: faults.sort((a, b) => (a.leaf ?? Number.POSITIVE_INFINITY) - (b.leaf ?? Number.POSITIVE_INFINITY)),
    notes,
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
