import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isInOlderListings } from './in-older-listings.ts';
import { isInOlderStates } from './in-older-states.ts';
import type { KnownPlaces } from './known-places.ts';
import type { OpenFilter } from './open-filter.ts';
import { hasFewRows } from './rows-at-most.ts';

/**
 * Whether the archive has the value, in an invocation, in an earlier state of one, in a command, or in what it knows of passes and
 * holds. Undefined where that can't be found out quickly. What was pruned is not asked here.
 */
export function hasValue(
  sqlite: Database,
  { filter, value, places }: { filter: OpenFilter; value: string; places: () => KnownPlaces },
): boolean | undefined {
  const finds = (sql: string) => prepareOnce<[{ value: string }], unknown>(sqlite, sql).get({ value }) !== undefined;
  switch (filter) {
    case 'account':
      return places().accounts.has(value) || (places().areAll ? false : undefined);
    case 'region':
      return places().regions.has(value) || (places().areAll ? false : undefined);
    case 'commandId':
      if (finds('SELECT 1 FROM main.invocations WHERE command_id = :value LIMIT 1')) return true;
      return finds('SELECT 1 FROM main.holds WHERE command_id = :value LIMIT 1') || isCommand(sqlite, value, places());
    case 'instanceId':
      return firstKnown(
        () =>
          finds('SELECT 1 FROM main.invocations INDEXED BY invocations_instance WHERE instance_id = :value LIMIT 1'),
        () => finds('SELECT 1 FROM main.holds WHERE instance_id = :value LIMIT 1'),
        () => inCommands(sqlite, `instr(instance_ids_json, :part) > 0 OR instr(targets_json, :part) > 0`, value),
        () => isInOlderListings(sqlite, filter, value) ?? false,
      );
    case 'documentName':
      return firstKnown(
        () =>
          finds('SELECT 1 FROM main.invocations INDEXED BY invocations_document WHERE document_name = :value LIMIT 1'),
        () => inCommands(sqlite, 'document_name = :value', value),
        // A command keeps its document. Older listings are looked through where that is possible.
        () => isInOlderListings(sqlite, filter, value) ?? false,
        () => isInOlderStates(sqlite, filter, value) ?? false,
      );
    case 'instanceName':
      return firstKnown(
        () => inRows(sqlite, 'invocations', 'instr(instance_name, :value) = 1', value),
        () => isInOlderStates(sqlite, filter, value),
      );
    case 'comment':
      return firstKnown(
        () => inRows(sqlite, 'invocations', 'instr(comment, :value) > 0', value),
        () => inCommands(sqlite, 'instr(comment, :value) > 0', value),
        () => isInOlderListings(sqlite, filter, value) ?? false,
        () => isInOlderStates(sqlite, filter, value),
      );
    case 'sender':
      return finds('SELECT 1 FROM main.command_senders WHERE principal_arn = :value LIMIT 1');
    case 'pluginName':
      return firstKnown(
        () => inRows(sqlite, 'plugins', 'name = :value', value),
        () => isInOlderStates(sqlite, filter, value),
      );
  }
}

/** True where one of them is true, false where all are false; what comes after the first that is not known is not asked. */
function firstKnown(...looks: readonly (() => boolean | undefined)[]): boolean | undefined {
  for (const look of looks) {
    const found = look();
    if (found !== false) return found;
  }
  return false;
}

function inRows(
  sqlite: Database,
  table: 'invocations' | 'plugins' | 'commands',
  condition: string,
  value: string,
): boolean | undefined {
  if (!hasFewRows(sqlite, table)) return undefined;
  return (
    prepareOnce<[object], unknown>(sqlite, `SELECT 1 FROM main.${table} NOT INDEXED WHERE ${condition} LIMIT 1`).get({
      value,
    }) !== undefined
  );
}

/** A command has some nodes and one document: there are fewer of them by far. JSON quotes an id whole. */
function inCommands(sqlite: Database, condition: string, value: string): boolean | undefined {
  if (!hasFewRows(sqlite, 'commands')) return undefined;
  const find = prepareOnce<[object], unknown>(
    sqlite,
    `SELECT 1 FROM main.commands NOT INDEXED WHERE ${condition} LIMIT 1`,
  );
  const params = condition.includes(':part') ? { part: JSON.stringify(value) } : { value };
  return find.get(params) !== undefined;
}

/** A command that only ListCommands, a sender or what is followed speaks of. Their keys begin with the place. */
function isCommand(sqlite: Database, commandId: string, { pairs, areAll }: KnownPlaces): boolean | undefined {
  for (const table of ['commands', 'command_senders', 'unfinished_commands'] as const) {
    const find = prepareOnce<[object], unknown>(
      sqlite,
      `SELECT 1 FROM main.${table} WHERE account_id = :accountId AND region = :region AND command_id = :commandId`,
    );
    if (pairs.some((place) => find.get({ ...place, commandId }) !== undefined)) return true;
  }
  return areAll ? false : undefined;
}
