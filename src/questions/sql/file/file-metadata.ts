import type { LakeFacts } from '../lake-facts.ts';
import type { SqlEngine } from '../sql-engine.ts';

/** What an answer says of itself: the lake's facts, or those of an answer of the archive's file. */
export type SaidOfAnswer = LakeFacts | { engine: SqlEngine; wholeFrom: string | undefined };

/**
 * Returns what a file of rows says of itself, by name. A download has each of these as a header too, with `x-` before
 * its name; but a file goes where headers do not.
 */
export function fileMetadata(said: SaidOfAnswer): ReadonlyMap<string, string> {
  const entries: [name: string, value: string | null | undefined][] =
    'wholeFrom' in said
      ? [['whole-from', said.wholeFrom]]
      : [
          ['from', said.from],
          ['to', said.to],
          ['as-of', said.asOf],
        ];
  const named = [['engine', said.engine] as const, ...entries];
  return new Map(
    named.flatMap(([name, value]) => (typeof value === 'string' ? [[`ssm-archive-${name}`, value] as const] : [])),
  );
}
