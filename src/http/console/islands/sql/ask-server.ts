import * as z from 'zod/mini';
import { jsonElements, jsonMembers } from '../../../../lib/json/json-parts.ts';
import { lakeFactsOf } from '../../../../questions/sql/lake-facts.ts';
import { cellText, type SqlAnswer } from '../../../../questions/sql/sql-answer.ts';
import type { SqlEngine } from '../../../../questions/sql/sql-engine.ts';

export interface Question {
  sql: string;
  engine: SqlEngine;
  params: Readonly<Record<string, string | number | null>>;
  limit: number;
}

/** A message that says why there is no answer. */
export interface Refusal {
  status: number;
  message: string;
  /** The place of the fault in the SQL. All numbers count from 1. */
  position: { offset: number; line: number; column: number } | undefined;
  /** The plan of a query that took too long, indented by depth. */
  plan: readonly string[];
}

const Place = z.object({ offset: z.number(), line: z.number(), column: z.number() });
const Problem = z.object({
  detail: z.string(),
  errors: z.optional(z.array(z.object({ message: z.string(), position: z.optional(Place) }))),
  plan: z.optional(z.array(z.string())),
});

/**
 * Sends a query to the API. If the signal aborts, the API ends the query. Rejects if the server can't be reached, or if
 * something else answers.
 */
export async function askServer(question: Question, signal: AbortSignal): Promise<SqlAnswer | Refusal> {
  const reply = await fetch('/v1/sql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(question),
    signal,
  });
  const text = await reply.text();
  if (reply.ok) return answerOf(text);
  const { detail, errors = [], plan = [] } = Problem.parse(JSON.parse(text));
  const [first] = errors;
  return { status: reply.status, message: first?.message ?? detail, position: first?.position, plan };
}

export function isRefusal(reply: SqlAnswer | Refusal): reply is Refusal {
  return 'status' in reply;
}

/** Keeps each value as JSON text, so that numbers keep all of their digits. */
function answerOf(json: string): SqlAnswer {
  const members = jsonMembers(json);
  return {
    names: jsonElements(members.get('columns') ?? '[]').map((column) =>
      cellText(jsonMembers(column).get('name') ?? ''),
    ),
    rows: jsonElements(members.get('rows') ?? '[]').map(jsonElements),
    isTruncated: members.get('truncated') === 'true',
    elapsedMs: Number(members.get('elapsedMs')),
    ...factsOf(members),
  };
}

const Facts = z.object({
  engine: z.optional(z.string()),
  wholeFrom: z.optional(z.string()),
  from: z.optional(z.nullable(z.string())),
  to: z.optional(z.nullable(z.string())),
  asOf: z.optional(z.string()),
});

/** What the answer says of itself: from which day it is whole, or what of the lake it read. */
function factsOf(members: ReadonlyMap<string, string>): Pick<SqlAnswer, 'wholeFrom' | 'lake'> {
  const names = Object.keys(Facts.shape).filter((name) => members.has(name));
  const said = Facts.parse(Object.fromEntries(names.map((name) => [name, JSON.parse(members.get(name) ?? 'null')])));
  return said.engine === 'lake' ? { lake: lakeFactsOf(said) } : { wholeFrom: said.wholeFrom };
}
