import type { Database } from 'better-sqlite3';
import { HASH_BYTES } from '../../ledger/tiles/tiles.ts';
import { checkArchive } from '../file/check-archive.ts';
import { checkDerived } from './check-derived.ts';
import { checkRows } from './check-rows.ts';
import { checkSchema } from './check-schema.ts';
import { checkTombstones } from './check-tombstones.ts';
import { type CheckedCosignatures, checkCosignatures } from './checkpoints/check-cosignatures.ts';
import { type Fault, faultOf, findings } from './fault.ts';
import { checkSealedDays } from './sealed/check-sealed-days.ts';
import { type LeafRange, type VerifiedLeaves, verifyLeaves } from './verify-leaves.ts';

/** A part of a verification that can run at the same time as the others. */
export type VerifyTask = PlainTask | { kind: 'cosignatures' } | ({ kind: 'leaves' } & LeafRange);

/** A part whose result is only a list of faults. */
type PlainTask = { kind: 'sqlite' | 'rows' | 'tombstones' | 'derived' | 'sealed' };

/** The result of a part. */
export type VerifiedPart =
  | { kind: 'faults'; of: PlainTask['kind']; faults: Fault[] }
  | ({ kind: 'cosignatures' } & CheckedCosignatures)
  | ({ kind: 'leaves' } & LeafRange & VerifiedLeaves);

/**
 * Runs one part of a verification. The connection's transaction must see the same state as the transactions of all
 * other parts.
 */
export function verifyTask(sqlite: Database, task: VerifyTask, onLeaves: (count: number) => void): VerifiedPart {
  if (task.kind === 'cosignatures') return verifyCosignatures(sqlite);
  if (task.kind !== 'leaves') return { kind: 'faults', of: task.kind, faults: findings(() => faultsOf(sqlite, task)) };
  try {
    return { ...task, ...verifyLeaves(sqlite, task, onLeaves) };
  } catch (error) {
    const hashes = Buffer.alloc((task.to - task.from) * HASH_BYTES);
    return {
      ...task,
      hashes,
      faults: [faultOf(error)],
      revisions: 0,
      pruned: 0,
      sealed: 0,
      batchStates: 0,
      outputs: Buffer.alloc(0),
    };
  }
}

function verifyCosignatures(sqlite: Database): VerifiedPart {
  let checked: CheckedCosignatures = { faults: [], held: 0, witnesses: 0 };
  const faults = findings(() => {
    checked = checkCosignatures(sqlite);
    return checked.faults;
  });
  return { kind: 'cosignatures', ...checked, faults };
}

function faultsOf(sqlite: Database, { kind }: PlainTask): Fault[] {
  switch (kind) {
    case 'sqlite':
      // These are two checks, so that a fault in the first does not stop the second.
      return [
        ...findings(() => checkSchema(sqlite)),
        ...findings(() => checkArchive(sqlite).map((what) => ({ what }))),
      ];
    case 'rows':
      return checkRows(sqlite);
    case 'tombstones':
      return checkTombstones(sqlite);
    case 'derived':
      return checkDerived(sqlite);
    case 'sealed':
      return checkSealedDays(sqlite);
  }
}
