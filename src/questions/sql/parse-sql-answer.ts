import { z } from 'zod';
import { jsonElements, jsonMembers } from '../../lib/json/json-parts.ts';
import { lakeFactsOf } from './lake-facts.ts';
import type { SqlAnswer } from './sql-answer.ts';
import { SQL_ENGINES } from './sql-engine.ts';

const answerForm = z.object({
  columns: z.array(z.object({ name: z.string() })),
  rows: z.array(z.array(z.unknown())),
  truncated: z.boolean(),
  elapsedMs: z.number(),
  wholeFrom: z.iso.date().optional(),
  engine: z.enum(SQL_ENGINES).optional(),
  from: z.iso.date().nullable().optional(),
  to: z.iso.date().nullable().optional(),
  asOf: z.iso.datetime().optional(),
  neverSeen: z.array(z.object({ parameter: z.string(), value: z.string(), near: z.array(z.string()) })).optional(),
});

/** Parses the JSON that processes/sql/select-json.ts writes, here or on a server. Throws for anything else. */
export function parseSqlAnswer(json: string): SqlAnswer {
  const { columns, truncated, elapsedMs, wholeFrom, neverSeen, ...said } = answerForm.parse(JSON.parse(json));
  return {
    names: columns.map(({ name }) => name),
    rows: jsonElements(jsonMembers(json).get('rows') ?? '[]').map(jsonElements),
    isTruncated: truncated,
    elapsedMs,
    ...(wholeFrom !== undefined && { wholeFrom }),
    ...(neverSeen && { neverSeen }),
    ...(said.engine === 'lake' && { lake: lakeFactsOf(said) }),
  };
}
