import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { nearNames } from '../../lib/near-names.ts';
import { valuesAround, walkOf } from './index-walk.ts';
import type { KnownPlaces } from './known-places.ts';
import type { OpenFilter } from './open-filter.ts';

const MOST_NEAR = 3;
const NEWEST_INVOCATIONS = 5000;
const NEWEST_COMMANDS = 5000;
const MOST_NODES = 2000;
const MOST_DOCUMENTS = 500;
const MOST_SENDERS = 1000;
/** A beginning of fewer letters is near to nearly everything. */
const FEWEST_LETTERS = 3;
const MOST_LETTERS = 200;

/** Values of the archive that a person may have meant by one that it does not have, the nearest first. Names and comments: newer ones only. */
export function nearValues(
  sqlite: Database,
  { filter, value, places }: { filter: OpenFilter; value: string; places: () => KnownPlaces },
): string[] {
  const near = (names: Iterable<string>) => nearNames(value, withoutEmpty(names), MOST_NEAR);
  switch (filter) {
    case 'account':
      return near(places().accounts);
    case 'region':
      return near(places().regions);
    case 'commandId':
    case 'instanceId':
    case 'documentName':
      return near(valuesAround(walkOf(sqlite, filter), value));
    case 'instanceName':
      return nearBeginnings(value, namesOfNodes(sqlite));
    case 'pluginName':
      return near(namesOfSteps(sqlite));
    case 'sender':
      return near(senders(sqlite));
    case 'comment':
      return nearParts(value, comments(sqlite));
  }
}

/** The filter takes the beginning of a name: so what is near may be the beginning of one, too. */
function nearBeginnings(value: string, names: readonly string[]): string[] {
  const whole = nearNames(value, withoutEmpty(names), MOST_NEAR);
  if (whole.length > 0 || value.length < FEWEST_LETTERS) return whole;
  return nearNames(value, new Set(names.map((name) => name.slice(0, value.length).toWellFormed())), MOST_NEAR);
}

/** The filter takes a part of a comment: so what is near is the part in another case, a comment, or a word of one. */
function nearParts(value: string, all: readonly string[]): string[] {
  const sought = value.toLowerCase();
  const otherCase = all.flatMap((comment) => {
    const at = comment.toLowerCase().indexOf(sought);
    const part = comment.slice(at, at + value.length);
    // In a few languages the other case has another length, so this can be another part.
    return at >= 0 && part.toLowerCase() === sought ? [part] : [];
  });
  if (otherCase.length > 0) return [...new Set(otherCase)].slice(0, MOST_NEAR);
  if (value.length < FEWEST_LETTERS) return [];
  const short = all.filter((comment) => comment.length <= MOST_LETTERS);
  return nearNames(value, withoutEmpty([...short, ...short.flatMap((comment) => comment.split(/\s+/))]), MOST_NEAR);
}

function namesOfNodes(sqlite: Database): string[] {
  const names = new Set(
    prepareOnce<[], { name: string }>(
      sqlite,
      `SELECT DISTINCT instance_name AS name FROM (
         SELECT instance_name FROM main.invocations INDEXED BY invocations_requested_at ORDER BY requested_at DESC LIMIT ${NEWEST_INVOCATIONS})
        WHERE instance_name IS NOT NULL`,
    )
      .all()
      .map(({ name }) => name),
  );
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

function namesOfSteps(sqlite: Database): Set<string> {
  const names = new Set<string>();
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

function comments(sqlite: Database): string[] {
  return prepareOnce<[], { comment: string }>(
    sqlite,
    `SELECT DISTINCT comment FROM (
       SELECT comment FROM main.commands INDEXED BY commands_requested_at ORDER BY requested_at DESC LIMIT ${NEWEST_COMMANDS})
      WHERE comment <> ''`,
  )
    .all()
    .map(({ comment }) => comment);
}

/** By leaps from one to the next in their index: there are few, however many commands they sent. */
function senders(sqlite: Database): string[] {
  const next = prepareOnce<[string], { arn: string | null }>(
    sqlite,
    'SELECT min(principal_arn) AS arn FROM main.command_senders WHERE principal_arn > ?',
  );
  const found: string[] = [];
  for (let arn = next.get('')?.arn; arn && found.length < MOST_SENDERS; arn = next.get(arn)?.arn) found.push(arn);
  return found;
}

function* withoutEmpty(names: Iterable<string>): Generator<string> {
  for (const name of names) if (name !== '') yield name;
}
