import type { z } from '@hono/zod-openapi';
import { CursorInvalid, decodeCursor } from '../../../questions/cursor.ts';
import { InvalidRequest } from '../api-error.ts';

/**
 * Returns the position that a cursor contains, or undefined without a cursor. Throws InvalidRequest if the cursor
 * belongs to another question.
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
