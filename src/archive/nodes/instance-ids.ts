import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { joinWalks, sealedWalk, type ValueWalk } from '../sealed/sealed-values.ts';

/**
 * Finds the ids of nodes one by one in their index, those too that only sealed days have. That is fast even if each node
 * has many invocations.
 */
export function instanceIds(sqlite: Database): ValueWalk {
  const find = (operator: '>=' | '>') => {
    const statement = prepareOnce<[string], { id: string | null }>(
      sqlite,
      `SELECT min(instance_id) AS id FROM invocations INDEXED BY invocations_instance WHERE instance_id ${operator} ?`,
    );
    return (text: string) => statement.get(text)?.id ?? undefined;
  };
  return joinWalks({ from: find('>='), after: find('>') }, sealedWalk(sqlite, 'instanceId'));
}
