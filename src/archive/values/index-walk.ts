import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { instanceIds } from '../nodes/instance-ids.ts';
import { joinWalks, sealedWalk, type ValueWalk } from '../sealed/sealed-values.ts';

/**
 * If an index has this many values or fewer, all of them are compared; if it has more, only those with a similar
 * beginning.
 */
const MOST_VALUES = 2000;
const MOST_ALIKE = 64;
const MOST_STEPS = 6000;

/** Ids of commands and of nodes, and names of documents, that invocations have, those of sealed days too. */
export function walkOf(sqlite: Database, filter: 'commandId' | 'instanceId' | 'documentName'): ValueWalk {
  if (filter === 'instanceId') return instanceIds(sqlite);
  const [column, index] =
    filter === 'commandId' ? ['command_id', 'invocations_key'] : ['document_name', 'invocations_document'];
  const find = (operator: '>=' | '>') => {
    const statement = prepareOnce<[string], { value: string | null }>(
      sqlite,
      `SELECT min(${column}) AS value FROM main.invocations INDEXED BY ${index} WHERE ${column} ${operator} ?`,
    );
    return (text: string) => statement.get(text)?.value ?? undefined;
  };
  return joinWalks({ from: find('>='), after: find('>') }, sealedWalk(sqlite, filter));
}

/**
 * The values among which similar ones are searched: all values of an index that has few values. Of an index with many
 * values, the first ones that share a beginning with the typed text, for each length of the beginning, as typed, in
 * lower case and in upper case. So if the typing error is late in the word, the right value is among them.
 */
export function valuesAround(walk: ValueWalk, typed: string): Set<string> {
  const found = new Set<string>();
  let next = walk.from('');
  for (; next !== undefined && found.size < MOST_VALUES; next = walk.after(next)) found.add(next);
  if (next === undefined) return found;
  let steps = MOST_STEPS;
  for (const spelled of new Set([typed, typed.toLowerCase(), typed.toUpperCase()])) {
    for (let length = spelled.length; length > 0 && steps > 0; length--) {
      const begin = spelled.slice(0, length);
      let value = walk.from(begin);
      steps -= 1;
      for (let n = 0; n < MOST_ALIKE && value?.startsWith(begin); n++) {
        found.add(value);
        value = walk.after(value);
        steps -= 1;
      }
    }
  }
  return found;
}
