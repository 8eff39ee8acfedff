import type { z } from '@hono/zod-openapi';
import { CursorInvalid, decodeCursor } from '../../../questions/cursor.ts';
import { InvalidRequest } from '../api-error.ts';

/**
 * Returns the position in a cursor of this question, or undefined if there is no cursor. Throws InvalidRequest for a
 * cursor of another question.
 */
export function readCursor<Position>(
  question: unknown,
  cursor: string | undefined,
  position: z.ZodType<Position>,
): Position | undefined {
  if (cursor === undefined) return undefined;
  try {
    return position.parse(decodeCursor(question, cursor));
  } catch (error) {
    const message = error instanceof CursorInvalid ? error.message : 'is damaged; begin again without a cursor';
    throw new InvalidRequest([{ field: 'cursor', message }]);
  }
}
