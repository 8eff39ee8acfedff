import { z } from '@hono/zod-openapi';
import type { ApiContext } from '../api-deps.ts';

/** A header of downloads. It has the day that `wholeFrom` has in JSON: the rows of a download have no place for it. */
export const WHOLE_FROM_HEADER = 'x-ssm-archive-whole-from';

/** The member of an answer that is made of the rows of the file alone. */
export const wholeFromMember = {
  wholeFrom: z.iso.date().optional().openapi({
    description:
      'The day (UTC) from which the answer is whole: earlier days are sealed in the lake, which it does not read. Absent if nothing can be missing. A download has it in the header x-ssm-archive-whole-from.',
    example: '2026-03-01',
  }),
};

/** Sets the header of a download, if something may be missing. */
export function wholeFromHeader(c: ApiContext, day: string | undefined): void {
  if (day !== undefined) c.header(WHOLE_FROM_HEADER, day);
}
