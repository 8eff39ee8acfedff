import { type Checkpoint, parseCheckpoint } from '../../../ledger/notes/checkpoint.ts';
import type { NoteVerifier } from '../../../ledger/notes/note-key.ts';
import { openNote } from '../../../ledger/notes/signed-note.ts';
import { addFault, type Fault } from '../../verify/fault.ts';
import type { OutsideCheckpoint } from '../../verify/outside/outside-checkpoint.ts';

/**
 * Whether checkpoints that were kept outside the archive show that the pack's key is the archive's: it must have signed
 * all of them. Adds a fault if the key has not signed a checkpoint, or if a checkpoint has as many leaves as the pack's
 * but another root, because no key may sign two histories.
 */
export function holdToCheckpoints(
  checkpoints: readonly OutsideCheckpoint[],
  { key, checkpoint, faults }: { key: NoteVerifier; checkpoint: Checkpoint | undefined; faults: Fault[] },
): boolean {
  const before = faults.length;
  for (const { from, note } of checkpoints) {
    try {
      const { size, root, origin } = parseCheckpoint(openNote(note, [key]).text);
      if (origin !== key.name) addFault(faults, `the checkpoint ${from} belongs to another ledger, ${origin}`);
      else if (size === checkpoint?.size && !Buffer.from(root).equals(checkpoint.root))
        addFault(faults, `the checkpoint ${from} has as many leaves as the pack's, but another root`);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      addFault(faults, `the checkpoint ${from} is not signed by the key of the pack: ${what}`);
    }
  }
  return checkpoints.length > 0 && faults.length === before;
}
