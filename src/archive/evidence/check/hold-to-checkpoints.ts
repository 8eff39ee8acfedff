import { type Checkpoint, parseCheckpoint } from '../../../ledger/notes/checkpoint.ts';
import type { NoteVerifier } from '../../../ledger/notes/note-key.ts';
import { openNote } from '../../../ledger/notes/signed-note.ts';
import { addFault, type Fault } from '../../verify/fault.ts';
import type { OutsideCheckpoint } from '../../verify/outside/outside-checkpoint.ts';

/**
 * Whether checkpoints that were kept elsewhere show whose key it is: only that key could have signed them. It is a
 * fault if the key has not signed one of them, or if one has as many leaves but another root, since nobody may sign two
 * histories.
 */
export function holdToCheckpoints(
  checkpoints: readonly OutsideCheckpoint[],
  { key, checkpoint, faults }: { key: NoteVerifier; checkpoint: Checkpoint | undefined; faults: Fault[] },
): boolean {
  const before = faults.length;
  for (const { from, note } of checkpoints) {
    try {
      const { size, root, origin } = parseCheckpoint(openNote(note, [key]).text);
      if (origin !== key.name) addFault(faults, `the checkpoint ${from} is of another ledger, ${origin}`);
      else if (size === checkpoint?.size && !Buffer.from(root).equals(checkpoint.root))
        addFault(faults, `the checkpoint ${from} has another root than the pack's, over as many leaves`);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      addFault(faults, `the checkpoint ${from} is not signed by the key of the pack: ${what}`);
    }
  }
  return checkpoints.length > 0 && faults.length === before;
}
