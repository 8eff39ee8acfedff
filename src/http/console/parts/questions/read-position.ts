import { z } from 'zod';
import { CursorInvalid, decodeCursor } from '../../../../questions/cursor.ts';
import type { AskedFault } from './asked-faults.ts';

/** The place in a list where a page begins. A wrong cursor is reported in the same way as other wrong parameters. */
export interface ReadPosition<Position> {
  /** The position after which the page begins; undefined for the first page. */
  after: Position | undefined;
  faults: readonly AskedFault[];
}

/** Reads the cursor of an address. A cursor works only with the question for which it was made. */
export function readPosition<Position>(
  question: unknown,
  cursor: string | undefined,
  form: z.ZodType<Position>,
): ReadPosition<Position> {
  if (cursor === undefined || cursor === '') return { after: undefined, faults: [] };
  try {
    return { after: form.parse(decodeCursor(question, cursor)), faults: [] };
  } catch (error) {
    if (!(error instanceof CursorInvalid || error instanceof z.ZodError)) throw error;
    const message =
      'does not belong to any page of this list with these parameters: leave it out to begin at the first page';
    return { after: undefined, faults: [{ parameter: 'cursor', message }] };
  }
}
