import { Tombstone } from '../../../ledger/entries/tombstone.ts';
import { addFault, type Fault } from '../../verify/fault.ts';
import { FILES } from '../evidence.ts';
import { StateLine } from '../state-line.ts';
import type { ZippedFile } from '../zip/read-zip.ts';
import { linesOf } from './lines-of.ts';
import { parsed } from './parsed.ts';
import { type Head, isIn } from './read-state-lines.ts';

/**
 * Returns a function that takes a leaf and says whether a tombstone in the pack proves that its outputs were pruned.
 */
export async function readTombstones(
  files: ReadonlyMap<string, ZippedFile>,
  checkpoint: Head,
  faults: Fault[],
): Promise<(leaf: number) => boolean> {
  const ranges: Tombstone['seqs'] = [];
  const file = files.get(FILES.tombstones);
  if (file) {
    let n = 0;
    for await (const line of linesOf(file.stream())) {
      n += 1;
      const state = StateLine.safeParse(parsed(line)).data;
      const tombstone = Tombstone.safeParse(state && 'entry' in state ? parsed(state.entry) : undefined).data;
      if (!state || tombstone?.what !== 'outputs' || (checkpoint && !isIn(checkpoint, state)))
        addFault(faults, `line ${n} of ${FILES.tombstones} is not a tombstone of outputs, or is not in the ledger`);
      else ranges.push(...tombstone.seqs);
    }
  }
  ranges.sort(([a], [b]) => a - b);
  return (leaf) => {
    // Find the last range that begins at the leaf or before it. No two ranges overlap.
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle]?.[0] ?? 0) <= leaf + 1) low = middle + 1;
      else high = middle;
    }
    return (ranges[low - 1]?.[1] ?? 0) >= leaf + 1;
  };
}
