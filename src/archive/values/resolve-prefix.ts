import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { IdFilter } from '../../questions/filter-groups.ts';
import type { ValueWalk } from '../sealed/sealed-values.ts';
import { walkOf } from './index-walk.ts';
import { type KnownPlaces, knownPlaces } from './known-places.ts';

export type ResolvedId =
  /** The id is in the archive exactly as typed. */
  | { kind: 'exact'; value: string }
  /** One id begins with the typed text, or differs from it only in case. */
  | { kind: 'one'; value: string }
  | { kind: 'many'; examples: string[] }
  | { kind: 'none' };

const FEWEST_LETTERS = 4;
const MOST_EXAMPLES = 5;
const WHOLE: Readonly<Record<IdFilter, RegExp>> = {
  commandId: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  instanceId: /^(i-([0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})$/,
};
const OF_UUID = /^[0-9a-f-]+$/i;

/**
 * The id that a person means by its first letters (four or more), as consoles show them. A complete id never counts as
 * the beginning of a longer id: a pack about the wrong node is worse than no pack. The service writes ids of commands,
 * which are UUIDs, in lower case, and people paste them in upper case.
 */
export function resolvePrefix(sqlite: Database, filter: IdFilter, typed: string): ResolvedId {
  return sqlite.transaction((): ResolvedId => {
    const walks = walksOf(sqlite, filter);
    if (walks.some((walk) => walk.from(typed) === typed)) return { kind: 'exact', value: typed };
    const isWhole = WHOLE[filter].test(typed);
    if (typed.length < FEWEST_LETTERS) return { kind: 'none' };
    const spelled =
      filter === 'commandId' && OF_UUID.test(typed)
        ? new Set([typed, typed.toLowerCase(), typed.toUpperCase()])
        : new Set([typed]);
    const found = new Set<string>();
    for (const begin of spelled) for (const walk of walks) addBeginning(walk, { begin, isWhole, found });
    const [value, ...more] = [...found].sort();
    if (value === undefined) return { kind: 'none' };
    return more.length > 0
      ? { kind: 'many', examples: [value, ...more].slice(0, MOST_EXAMPLES) }
      : { kind: 'one', value };
  })();
}

function addBeginning(
  walk: ValueWalk,
  { begin, isWhole, found }: { begin: string; isWhole: boolean; found: Set<string> },
): void {
  let value = walk.from(begin);
  for (let n = 0; n < MOST_EXAMPLES && value?.startsWith(begin); n++, value = walk.after(value))
    if (!isWhole || value.length === begin.length) found.add(value);
}

/**
 * Some commands are known only from ListCommands, so the commands table is searched too. Its key begins with account
 * and region.
 */
function walksOf(sqlite: Database, filter: IdFilter): ValueWalk[] {
  const invocations = walkOf(sqlite, filter);
  if (filter === 'instanceId') return [invocations];
  const { pairs }: KnownPlaces = knownPlaces(sqlite, { accounts: [], regions: [] });
  const find = (operator: '>=' | '>') =>
    prepareOnce<[string, string, string], { value: string | null }>(
      sqlite,
      `SELECT min(command_id) AS value FROM main.commands WHERE account_id = ? AND region = ? AND command_id ${operator} ?`,
    );
  const [from, after] = [find('>='), find('>')];
  const listed = pairs.map(({ accountId, region }) => ({
    from: (text: string) => from.get(accountId, region, text)?.value ?? undefined,
    after: (text: string) => after.get(accountId, region, text)?.value ?? undefined,
  }));
  return [invocations, ...listed];
}
