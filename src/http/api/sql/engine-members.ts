import { z } from '@hono/zod-openapi';
import type { SaidOfAnswer } from '../../../questions/sql/file/file-metadata.ts';
import { SQL_ENGINES } from '../../../questions/sql/sql-engine.ts';
import { wholeFromHeader } from '../answers/whole-from-member.ts';
import type { ApiContext } from '../api-deps.ts';

/** The members of an answer that say which engine gave it, and what it read. */
export const engineMembers = {
  engine: z.enum(SQL_ENGINES).openapi({
    description:
      'The engine that answered. The headers x-ssm-archive-engine, -from, -to and -as-of of a download have this member and the next three.',
  }),
  from: z.iso.date().nullable().optional().openapi({
    description: 'For the lake: the first day (UTC) on which something was requested; null if there is none.',
  }),
  to: z.iso.date().nullable().optional().openapi({ description: 'For the lake: the last such day.' }),
  asOf: z.iso.datetime().optional().openapi({
    description: "For the lake: when rows that are not sealed were copied from the archive's file.",
  }),
};

/** Sets the headers of a download with what an answer in JSON has as members. */
export function engineHeaders(c: ApiContext, said: SaidOfAnswer): void {
  c.header('x-ssm-archive-engine', said.engine);
  if ('wholeFrom' in said) wholeFromHeader(c, said.wholeFrom);
  else {
    if (said.from !== null) c.header('x-ssm-archive-from', said.from);
    if (said.to !== null) c.header('x-ssm-archive-to', said.to);
    c.header('x-ssm-archive-as-of', said.asOf);
  }
}
