import { sha256 } from '../lib/sha256.ts';

/** A cursor that is damaged, or belongs to another question. */
export class CursorInvalid extends Error {
  override name = 'CursorInvalid';
}

const DIGEST_CHARACTERS = 10;

/** A position in a list as opaque text, bound to what was asked. */
export function encodeCursor(question: unknown, position: unknown): string {
  return Buffer.from(JSON.stringify([digest(question), position])).toString('base64url');
}

/**
 * The position in a cursor; the caller checks its form. Throws CursorInvalid where it is none of ours, or was given for
 * another question: it would then begin somewhere at random.
 */
export function decodeCursor(question: unknown, cursor: string): unknown {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new CursorInvalid('is not a cursor; pass the nextCursor of the page before as it is');
  }
  if (!Array.isArray(content) || content.length !== 2 || typeof content[0] !== 'string') {
    throw new CursorInvalid('is not a cursor; pass the nextCursor of the page before as it is');
  }
  if (content[0] !== digest(question)) {
    throw new CursorInvalid(
      'belongs to another question; keep all other parameters as they were, or begin without a cursor',
    );
  }
  return content[1];
}

function digest(question: unknown): string {
  return sha256(JSON.stringify(question)).toString('base64url').slice(0, DIGEST_CHARACTERS);
}
