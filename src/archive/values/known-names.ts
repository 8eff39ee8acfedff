import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { sealedWalk } from '../sealed/sealed-values.ts';
import { valuesAround, walkOf } from './index-walk.ts';

// Values of members without an index, from newer rows. A misspelt value is compared with these.

const NEWEST_INVOCATIONS = 5000;
const NEWEST_COMMANDS = 5000;
const MOST_NODES = 2000;
const MOST_DOCUMENTS = 500;
const MOST_SENDERS = 1000;

/** The values of the newest invocations in a column that no index has. */
export function newestValues(sqlite: Database, column: string): string[] {
  return prepareOnce<[], { value: string }>(
    sqlite,
    `SELECT DISTINCT ${column} AS value FROM (
       SELECT ${column} FROM main.invocations INDEXED BY invocations_requested_at ORDER BY requested_at DESC LIMIT ${NEWEST_INVOCATIONS})
      WHERE ${column} IS NOT NULL`,
  )
    .all()
    .map(({ value }) => value);
}

/** Names of nodes. Of those that only sealed days have, the ones that are like the typed text if there are many. */
export function namesOfNodes(sqlite: Database, typed: string): string[] {
  const names = new Set(newestValues(sqlite, 'instance_name'));
  for (const name of valuesAround(sealedWalk(sqlite, 'instanceName'), typed)) names.add(name);
  const nameOf = prepareOnce<[string], { name: string | null }>(
    sqlite,
    `SELECT instance_name AS name FROM main.invocations INDEXED BY invocations_instance WHERE instance_id = ?
      ORDER BY requested_at DESC LIMIT 1`,
  );
  const walk = walkOf(sqlite, 'instanceId');
  let id = walk.from('');
  for (let nodes = 0; id !== undefined && nodes < MOST_NODES; nodes++, id = walk.after(id)) {
    const name = nameOf.get(id)?.name;
    if (name) names.add(name);
  }
  return [...names];
}

export function namesOfSteps(sqlite: Database, typed: string): Set<string> {
  const names = valuesAround(sealedWalk(sqlite, 'pluginName'), typed);
  const add = (rows: readonly { name: string }[]) => {
    for (const { name } of rows) names.add(name);
  };
  add(
    prepareOnce<[], { name: string }>(
      sqlite,
      `SELECT DISTINCT p.name FROM (
         SELECT id FROM main.invocations INDEXED BY invocations_requested_at ORDER BY requested_at DESC LIMIT ${NEWEST_INVOCATIONS}) i
         CROSS JOIN main.plugins p ON p.invocation_id = i.id WHERE p.name IS NOT NULL`,
    ).all(),
  );
  const ofDocument = prepareOnce<[string], { name: string }>(
    sqlite,
    `SELECT p.name FROM (SELECT id FROM main.invocations INDEXED BY invocations_document WHERE document_name = ?
       ORDER BY requested_at DESC LIMIT 1) i CROSS JOIN main.plugins p ON p.invocation_id = i.id WHERE p.name IS NOT NULL`,
  );
  const walk = walkOf(sqlite, 'documentName');
  let document = walk.from('');
  for (let n = 0; document !== undefined && n < MOST_DOCUMENTS; n++, document = walk.after(document))
    add(ofDocument.all(document));
  return names;
}

export function comments(sqlite: Database, typed: string): string[] {
  const newest = prepareOnce<[], { comment: string }>(
    sqlite,
    `SELECT DISTINCT comment FROM (
       SELECT comment FROM main.commands INDEXED BY commands_requested_at ORDER BY requested_at DESC LIMIT ${NEWEST_COMMANDS})
      WHERE comment <> ''`,
  ).all();
  return [...newest.map(({ comment }) => comment), ...valuesAround(sealedWalk(sqlite, 'comment'), typed)];
}

/** The senders, each found by one jump in their index. They are few, even if they sent many commands. */
export function senders(sqlite: Database): string[] {
  const next = prepareOnce<[string], { arn: string | null }>(
    sqlite,
    'SELECT min(principal_arn) AS arn FROM main.command_senders WHERE principal_arn > ?',
  );
  const found: string[] = [];
  for (let arn = next.get('')?.arn; arn && found.length < MOST_SENDERS; arn = next.get(arn)?.arn) found.push(arn);
  return found;
}
