import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/** Finds the ids of nodes one by one in their index. That is fast even if each node has many invocations. */
export function instanceIds(sqlite: Database): {
  /** The first id that equals the text or comes later. */
  from(text: string): string | undefined;
  /** The first id after the text. */
  after(text: string): string | undefined;
} {
  const find = (operator: '>=' | '>') => {
    const statement = prepareOnce<[string], { id: string | null }>(
      sqlite,
      `SELECT min(instance_id) AS id FROM invocations INDEXED BY invocations_instance WHERE instance_id ${operator} ?`,
    );
    return (text: string) => statement.get(text)?.id ?? undefined;
  };
  return { from: find('>='), after: find('>') };
}
