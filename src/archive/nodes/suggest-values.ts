import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { SuggestedFilter } from '../../questions/filter-groups.ts';
import { sealedWalk, type ValueWalk } from '../sealed/sealed-values.ts';
import { instanceIds } from './instance-ids.ts';

export interface SuggestionQuery {
  field: SuggestedFilter;
  /** The typed text. Ids and names of nodes must begin with it; names of documents must contain it, in any case. */
  begin: string;
  limit: number;
}

/** How many of the newest invocations are searched for names of nodes. No index has these names. */
const NEWEST = 20_000;

type Suggest = (sqlite: Database, begin: string, limit: number) => string[];

const SUGGESTIONS: Readonly<Record<SuggestedFilter, Suggest>> = {
  instanceId: (sqlite, begin, limit) => beginning(instanceIds(sqlite), begin, limit),
  instanceName: (sqlite, begin, limit) => {
    const newest = prepareOnce<[string, number], { value: string }>(
      sqlite,
      `SELECT DISTINCT instance_name AS value FROM (
       SELECT instance_name FROM invocations INDEXED BY invocations_requested_at ORDER BY requested_at DESC LIMIT ${NEWEST})
      WHERE instr(instance_name, ?) = 1 ORDER BY 1 LIMIT ?`,
    )
      .all(begin, limit)
      .map(({ value }) => value);
    const sealed = beginning(sealedWalk(sqlite, 'instanceName'), begin, limit);
    return [...new Set([...newest, ...sealed])].sort().slice(0, limit);
  },
  documentName: (sqlite, begin, limit) =>
    prepareOnce<[string, number], { value: string }>(
      sqlite,
      `SELECT DISTINCT document_name AS value FROM daily_counts WHERE instr(lower(document_name), lower(?)) > 0 AND invocations > 0
        ORDER BY 1 LIMIT ?`,
    )
      .all(begin, limit)
      .map(({ value }) => value),
};

/** Values that the archive has in a field, sorted. */
export function suggestValues(sqlite: Database, { field, begin, limit }: SuggestionQuery): string[] {
  return SUGGESTIONS[field](sqlite, begin, limit);
}

/** The values with this beginning, each found by one seek. */
function beginning(walk: ValueWalk, begin: string, limit: number): string[] {
  const values: string[] = [];
  for (let value = walk.from(begin); value?.startsWith(begin) && values.length < limit; value = walk.after(value)) {
    if (value !== '') values.push(value);
  }
  return values;
}
