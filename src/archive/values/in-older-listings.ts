import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { asMembers, asText, type Members } from '../../model/read-member.ts';
import { decodeStates } from '../../model/state-codec.ts';

/** Entries of an earlier version have each command as each listing showed it, among entries that no index tells apart. */
const MOST_ENTRIES = 50_000;

/**
 * For each filter: the condition on a command with the value, and the text that an entry with the value must contain,
 * so that most entries need not be parsed.
 */
const MEMBERS = {
  documentName: {
    condition: "entry_json ->> '$.row.document_name' = :value",
    partOf: (value: string) => `"document_name":${canonicalJson(value)}`,
    isIn: ({ DocumentName }: Members, value: string) => DocumentName === value,
  },
  comment: {
    condition: "instr(entry_json ->> '$.row.comment', :value) > 0",
    partOf: (value: string) => canonicalJson(value).slice(1, -1),
    isIn: ({ Comment }: Members, value: string) => asText(Comment)?.includes(value),
  },
  instanceId: {
    condition: 'true',
    partOf: (value: string) => canonicalJson(canonicalJson(value)).slice(1, -1),
    isIn: ({ InstanceIds }: Members, value: string) => Array.isArray(InstanceIds) && InstanceIds.includes(value),
  },
} as const;

/**
 * Whether a command was once listed with the value, and later with another one. Undefined if there are too many entries
 * to read. The service should never change the document, comment or nodes of a command, but this function checks it if
 * it can.
 */
export function isInOlderListings(sqlite: Database, filter: keyof typeof MEMBERS, value: string): boolean | undefined {
  const entries = prepareOnce<[], number>(
    sqlite,
    `SELECT count(*) FROM (SELECT 1 FROM main.ledger_entries LIMIT ${MOST_ENTRIES + 1})`,
  ).pluck();
  if ((entries.get() ?? 0) > MOST_ENTRIES) return undefined;
  const { condition, partOf } = MEMBERS[filter];
  const find = prepareOnce<[object], unknown>(
    sqlite,
    `SELECT 1 FROM main.ledger_entries WHERE kind = 'row' AND instr(entry_json, :part) > 0
       AND entry_json ->> '$.table' = 'commands' AND ${condition} LIMIT 1`,
  );
  const part = partOf(value);
  if (find.get(condition.includes(':value') ? { part, value } : { part }) !== undefined) return true;
  for (const members of readCommandStates(sqlite)) if (MEMBERS[filter].isIn(members, value)) return true;
  return false;
}

/** The states of all commands that were replaced by a later one. */
function* readCommandStates(sqlite: Database): Generator<Members> {
  const rows = prepareOnce<[], { state: Buffer; dictionary: Buffer }>(
    sqlite,
    `SELECT s.state, d.bytes AS dictionary FROM main.command_states s JOIN main.state_dictionaries d ON d.id = s.dictionary_id
      WHERE EXISTS (SELECT 1 FROM main.command_states n WHERE n.command_id = s.command_id AND n.account_id = s.account_id
              AND n.region = s.region AND n.seq > s.seq)`,
  ).iterate();
  for (const { state, dictionary } of rows) {
    const [json = ''] = decodeStates(state, dictionary);
    yield asMembers(JSON.parse(json)) ?? {};
  }
}
