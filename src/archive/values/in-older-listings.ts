import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';

/**
 * The entries in which commands are searched. The ledger has an entry for each command as each listing showed it, but
 * no index distinguishes these from the many other entries.
 */
const MOST_ENTRIES = 50_000;

/**
 * For each filter: the condition on a command with the value, and the text that an entry with the value must contain,
 * so that most entries need not be parsed.
 */
const MEMBERS = {
  documentName: {
    condition: "entry_json ->> '$.row.document_name' = :value",
    partOf: (value: string) => `"document_name":${canonicalJson(value)}`,
  },
  comment: {
    condition: "instr(entry_json ->> '$.row.comment', :value) > 0",
    partOf: (value: string) => canonicalJson(value).slice(1, -1),
  },
  instanceId: {
    condition: 'true',
    partOf: (value: string) => canonicalJson(canonicalJson(value)).slice(1, -1),
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
  return find.get(condition.includes(':value') ? { part, value } : { part }) !== undefined;
}
