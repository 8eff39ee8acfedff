import { HASH_BYTES } from '../tiles/tiles.ts';

/** A text is not a checkpoint, or a value can't be part of a checkpoint; the message says what is wrong. */
export class BadCheckpoint extends Error {
  override name = 'BadCheckpoint';
}

/** A tree's head as in https://c2sp.org/tlog-checkpoint, before it is signed. */
export interface Checkpoint {
  /** The name of the log: one line, not empty. */
  origin: string;
  /** The number of leaves in the tree. */
  size: number;
  /** The tree's root, 32 bytes. */
  root: Uint8Array;
  /** Additional lines, none of them empty, that only this kind of log understands. */
  extensions?: readonly string[];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a signed note may have none of them
const LINE = /^[^\u0000-\u001f]+$/;

/** Returns the text of a note: origin, size, root in base64 and any extensions, one per line. Throws BadCheckpoint. */
export function formatCheckpoint({ origin, size, root, extensions = [] }: Checkpoint): string {
  const lines = [origin, ...extensions];
  if (lines.some((line) => !LINE.test(line) || !line.isWellFormed())) {
    throw new BadCheckpoint('A line of a checkpoint must be a text of exactly one line that is not empty');
  }
  if (!Number.isSafeInteger(size) || size < 0) throw new BadCheckpoint(`A checkpoint can't have the size ${size}`);
  if (root.length !== HASH_BYTES) throw new BadCheckpoint(`A root is ${HASH_BYTES} bytes, not ${root.length}`);
  return `${[origin, size, Buffer.from(root).toString('base64'), ...extensions].join('\n')}\n`;
}

/**
 * Parses a note's text, as openNote returns it after it has verified a signature. Throws BadCheckpoint for every text
 * that formatCheckpoint would not write in exactly that form.
 */
export function parseCheckpoint(text: string): Required<Checkpoint> {
  const [origin = '', size = '', root64 = '', ...rest] = text.split('\n');
  if (rest.pop() !== '') throw new BadCheckpoint('A checkpoint must have at least three lines, each with its line end');
  if (!/^(0|[1-9][0-9]*)$/.test(size)) throw new BadCheckpoint('The second line of a checkpoint must be its size');
  const root = Buffer.from(root64, 'base64');
  if (root.toString('base64') !== root64) throw new BadCheckpoint('The third line of a checkpoint must be base64');
  const checkpoint = { origin, size: Number(size), root, extensions: rest };
  formatCheckpoint(checkpoint);
  return checkpoint;
}
