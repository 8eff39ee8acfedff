import type { Database } from 'better-sqlite3';
import { HASH_BYTES } from '../../ledger/tiles.ts';
import { checkArchive } from '../check-archive.ts';
import { checkDerived } from './check-derived.ts';
import { checkRows } from './check-rows.ts';
import { checkSchema } from './check-schema.ts';
import type { Fault } from './fault.ts';
import { type LeafRange, type VerifiedLeaves, verifyLeaves } from './verify-leaves.ts';

/** A part of a verification, that can be done beside the others. */
export type VerifyTask = { kind: 'sqlite' } | { kind: 'rows' } | { kind: 'derived' } | ({ kind: 'leaves' } & LeafRange);

/** What a part found. */
export type VerifiedPart = { kind: 'faults'; faults: Fault[] } | ({ kind: 'leaves' } & LeafRange & VerifiedLeaves);

/** Does a part of a verification, on a connection whose transaction sees the same state as those of all other parts. */
export function verifyTask(sqlite: Database, task: VerifyTask, onLeaves: (count: number) => void): VerifiedPart {
  try {
    switch (task.kind) {
      case 'sqlite':
        return {
          kind: 'faults',
          faults: [...checkSchema(sqlite), ...checkArchive({ sqlite }).map((what) => ({ what }))],
        };
      case 'rows':
        return { kind: 'faults', faults: checkRows(sqlite) };
      case 'derived':
        return { kind: 'faults', faults: checkDerived(sqlite) };
      case 'leaves':
        return { ...task, ...verifyLeaves(sqlite, task, onLeaves) };
    }
  } catch (error) {
    // A page of the file that SQLite can't read: what is in it is lost to this part, and that is its finding.
    const faults = [
      { what: `SQLite can not read the file: ${error instanceof Error ? error.message : String(error)}` },
    ];
    if (task.kind !== 'leaves') return { kind: 'faults', faults };
    const hashes = Buffer.alloc((task.to - task.from) * HASH_BYTES);
    return { ...task, hashes, faults, revisions: 0, packedStates: 0, outputs: Buffer.alloc(0) };
  }
}
