import { type PackVerdict, verifyEvidence } from '../../../archive/evidence/check/verify-evidence.ts';
import { readCheckpointFile } from '../../../archive/verify/outside/read-checkpoint-file.ts';
import { BadNoteKey, parseVerifierKey } from '../../../ledger/notes/note-key.ts';
import { pathFault } from '../../../lib/errors/path-fault.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { isThere } from '../../../lib/files/is-there.ts';
import { showWaiting } from '../../display/show-waiting.ts';
import type { Terminal } from '../../terminal.ts';
import { describePack } from './describe-pack.ts';
import { EXIT_CODES } from './exit-code.ts';
import { pinnedKeys } from './pinned-keys.ts';

interface Options {
  keys: string[];
  checkpoints: string[];
  json?: true | undefined;
}

/** `verify <pack>`: verifies an evidence pack by itself. It needs no archive, no configuration and no network. */
export async function verifyPack(path: string, options: Options, terminal: Terminal): Promise<void> {
  const { checkpoints, json } = options;
  if (!isThere(path)) throw new UserFault(`There is no pack ${path}.`, { exitCode: 2 });
  const given = checkedKeys(options.keys);
  const pinned = given.length > 0 ? { keys: [], notes: [] } : pinnedKeys();
  for (const note of pinned.notes) terminal.note(note);
  const heldTo = {
    trustedKeys: given.length > 0 ? given : pinned.keys,
    keysFrom: given.length > 0 ? 'the keys given' : 'the keys of verify.keys in archive.yaml',
    checkpoints: checkpoints.flatMap(readCheckpointFile),
  };
  let verdict: PackVerdict;
  const waiting = showWaiting(terminal, () => performance.now());
  try {
    verdict = await verifyEvidence(path, heldTo.trustedKeys, heldTo);
  } catch (error) {
    const why = pathFault(path, error) ?? (error instanceof Error ? error.message : String(error));
    throw new UserFault(`${path} can't be verified: ${why}.`, { cause: error });
  } finally {
    waiting.end();
  }
  if (json) terminal.json({ pack: path, ...verdict });
  else terminal.out(describePack(path, verdict, heldTo));
  process.exitCode = EXIT_CODES[verdict.verdict];
}

/**
 * Returns the typed keys without the blanks, line ends or byte-order mark that a shell may have copied from a file.
 * Throws UserFault for text that is not a key.
 */
export function checkedKeys(given: string[]): string[] {
  const keys = given.map((key) => key.trim());
  for (const key of keys) {
    try {
      parseVerifierKey(key);
    } catch (error) {
      if (!(error instanceof BadNoteKey)) throw error;
      // This message must not repeat the text, which is a secret: logs often keep the output of commands.
      if (key.startsWith('PRIVATE+KEY+'))
        throw new UserFault('--key is a private key, which belongs to its archive alone: give its public form.', {
          exitCode: 2,
        });
      throw new UserFault(`--key "${key}" is not a key: ${error.message}.`, { exitCode: 2 });
    }
  }
  return keys;
}
