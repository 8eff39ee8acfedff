import { readFileSync, statSync } from 'node:fs';
import { parseVerifierKey } from '../../../ledger/notes/note-key.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { decodeText } from '../../../lib/text-file/decode-text.ts';

export interface SortedWords {
  pack: string | undefined;
  keys: string[];
  checkpoints: string[];
}

/** A note ends with signatures. Each signature begins with this text. */
const SIGNED = /\n\n\u2014 /;
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Returns the kind of each word after `verify`: a pack, a key or a note. Earlier versions allowed several keys after
 * `--key` and several notes after `--checkpoint`. So a key after another key, and a signed note after another note, are
 * still recognized.
 */
export function sortWords(
  words: readonly string[],
  { keys, checkpoints }: { keys: readonly string[]; checkpoints: readonly string[] },
): SortedWords {
  const moreKeys = keys.length > 0 ? words.filter(isKey) : [];
  const moreNotes = checkpoints.length > 0 ? words.filter((word) => !moreKeys.includes(word) && isNote(word)) : [];
  const packs = words.filter((word) => !moreKeys.includes(word) && !moreNotes.includes(word));
  if (packs.length > 1)
    throw new UserFault(`verify takes one pack at a time, and these are ${packs.length}: ${packs.join(', ')}.`, {
      exitCode: 2,
    });
  return { pack: packs[0], keys: [...keys, ...moreKeys], checkpoints: [...checkpoints, ...moreNotes] };
}

function isKey(word: string): boolean {
  try {
    parseVerifierKey(word.trim());
    return true;
  } catch {
    return false;
  }
}

function isNote(path: string): boolean {
  try {
    return statSync(path).size <= MOST_BYTES && SIGNED.test(decodeText(readFileSync(path)));
  } catch {
    return false;
  }
}
