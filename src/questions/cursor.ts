import { sha256 } from '../lib/sha256.ts';

/** A cursor is damaged, or belongs to another question. */
export class CursorInvalid extends Error {
  override name = 'CursorInvalid';
}

const DIGEST_CHARACTERS = 10;

/** Returns a position in a list as a cursor: an opaque text that is valid only for this question. */
export function encodeCursor(question: unknown, position: unknown): string {
  return Buffer.from(JSON.stringify([digest(question), position])).toString('base64url');
}

/**
 * Returns the position in a cursor; the caller checks its form. Throws CursorInvalid for any other text, and for a
 * cursor of another question, because the list would then begin at a random place.
 */
export function decodeCursor(question: unknown, cursor: string): unknown {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new CursorInvalid('is not a cursor; pass the nextCursor of the previous page unchanged');
  }
  if (!Array.isArray(content) || content.length !== 2 || typeof content[0] !== 'string') {
    throw new CursorInvalid('is not a cursor; pass the nextCursor of the previous page unchanged');
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
