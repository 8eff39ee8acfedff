import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { INVOCATION_MEMBERS } from '../../model/members.ts';

type InvocationMember = keyof typeof INVOCATION_MEMBERS;

/** The members of invocations whose values are kept, of their last and of their earlier states. */
export const SEALED_MEMBERS = ['instanceName', 'documentName'] as const satisfies readonly InvocationMember[];

/**
 * What `sealed_values` keeps of the invocations of sealed days. `place` is an account and region, with an empty value.
 * `comment` has only comments that `commands` does not have: commands stay in the file. `status` has only values of
 * Status and StatusDetails that AWS does not list.
 */
export type SealedKind = (typeof SEALED_MEMBERS)[number] | 'place' | 'instanceId' | 'pluginName' | 'comment' | 'status';

/** The different values of a column, in the order of an index. Each step is one seek. */
export interface ValueWalk {
  /** The first value that equals the text or comes later. */
  from(text: string): string | undefined;
  /** The first value after the text. */
  after(text: string): string | undefined;
}

/** The values of a kind that invocations of sealed days have. Ids of commands are kept with the counts of commands. */
export function sealedWalk(sqlite: Database, kind: SealedKind | 'commandId'): ValueWalk {
  const [column, rows] =
    kind === 'commandId'
      ? ['command_id', 'sealed_commands WHERE']
      : ['value', `sealed_values WHERE kind = '${kind}' AND`];
  const find = (operator: '>=' | '>') => {
    const statement = prepareOnce<[string], { value: string | null }>(
      sqlite,
      `SELECT min(${column}) AS value FROM main.${rows} ${column} ${operator} ?`,
    );
    return (text: string) => statement.get(text)?.value ?? undefined;
  };
  return { from: find('>='), after: find('>') };
}

/** Several walks as one: each value once, in order. */
export function joinWalks(...walks: readonly ValueWalk[]): ValueWalk {
  const first = (values: readonly (string | undefined)[]) => {
    let least: string | undefined;
    for (const value of values)
      if (value !== undefined && (least === undefined || isBefore(value, least))) least = value;
    return least;
  };
  return {
    from: (text) => first(walks.map((walk) => walk.from(text))),
    after: (text) => first(walks.map((walk) => walk.after(text))),
  };
}

/** Whether SQLite sorts a text before another: by its bytes, which JavaScript does not do beyond U+FFFF. */
function isBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

/** Reading this many values takes some tenths of a second. */
const MOST_VALUES = 500_000;

/** Whether a value of this kind contains the text; undefined if there are too many values to read. */
export function isInSealedValue(sqlite: Database, kind: SealedKind, part: string): boolean | undefined {
  const row = prepareOnce<[object], { found: number | null; values: number }>(
    sqlite,
    `SELECT max(instr(value, :part) > 0) AS found, count(*) AS "values" FROM (
       SELECT value FROM main.sealed_values WHERE kind = :kind LIMIT ${MOST_VALUES})`,
  ).get({ kind, part });
  if (row?.found) return true;
  return row !== undefined && row.values === MOST_VALUES ? undefined : false;
}
