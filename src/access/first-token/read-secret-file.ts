import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { pathFault } from '../../lib/errors/path-fault.ts';
import { decodeText } from '../../lib/text-file/decode-text.ts';
import { TextUnreadable } from '../../lib/text-file/text-unreadable.ts';
import { idOfSecret, parseSecret, type Secret } from '../secret.ts';
import { TOKEN_PREFIX } from '../tokens/token-view.ts';
import { TOKEN_FILE_SETTING } from './first-token.ts';

/**
 * The secret in a file; or a clause that says why there is none, and a clause that says what to do. `path` is safe to
 * show.
 */
export type SecretFile = { path: string } & ({ secret: Secret } | { fault: string; remedy: string });

const MOST_BYTES = 512;
const SECRET = new RegExp(`${TOKEN_PREFIX}[\\w-]{43}(?![\\w-])`);
const PUT_THERE = 'put there what "ssm-archive token create --print-only" prints';

/**
 * Reads the file of the first token: a secret as `token create --print-only` prints it, in any encoding that a shell
 * writes.
 */
export function readSecretFile(path: string): SecretFile {
  let content: Buffer | undefined;
  try {
    content = readBounded(path);
  } catch (error) {
    return explain(path, error);
  }
  if (content === undefined) return { path, fault: 'it is a folder, a pipe or a device', remedy: 'name a plain file' };
  if (content.length === 0) return { path, fault: 'it is empty', remedy: PUT_THERE };
  if (content.length > MOST_BYTES) return { path, fault: `it has more than ${MOST_BYTES} bytes`, remedy: PUT_THERE };
  const secret = parseSecret(TOKEN_PREFIX, secretText(content));
  if (secret !== undefined) return { path, secret };
  return {
    path,
    fault: `its content is not exactly "${TOKEN_PREFIX}" followed by the 43 characters of a secret`,
    remedy: PUT_THERE,
  };
}

/**
 * Returns the text without the blanks and line ends around it, which are no part of the secret; '' if the bytes are not
 * text.
 */
function secretText(content: Buffer): string {
  try {
    return decodeText(content).trim();
  } catch (error) {
    // Bytes that are not text get the same message as a wrong text: it says what the file must contain, and shows
    // nothing of the file.
    if (error instanceof TextUnreadable) return '';
    throw error;
  }
}

/** Returns the file's first bytes, at most one more than is allowed; undefined if it is not a plain file. */
function readBounded(path: string): Buffer | undefined {
  // Without O_NONBLOCK a named pipe would block the start until somebody writes to it.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) return undefined;
    const bytes = Buffer.alloc(MOST_BYTES + 1);
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

function explain(path: string, error: unknown): SecretFile {
  const [secret] = path.match(SECRET) ?? [];
  if (secret !== undefined) {
    // Somebody gave the secret instead of the file's path. The message contains that path, but must not show the
    // secret.
    const shown = path.replaceAll(secret, `${idOfSecret(TOKEN_PREFIX, secret)}[redacted]`);
    const remedy = `write the secret into a file, and set ${TOKEN_FILE_SETTING} to the path of that file`;
    return { path: shown, fault: 'that is the secret itself, not the path of a file', remedy };
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'ENOENT') return { path, fault: 'there is no such file', remedy: PUT_THERE };
  const remedy = 'let the user that runs the server read that file and enter the folders above it';
  const fault = pathFault(path, error) ?? `it can't be opened (${code})`;
  // The message names the path before this clause, so the clause must not repeat it.
  return { path, fault: fault.startsWith(path) ? `it${fault.slice(path.length)}` : fault, remedy };
}
