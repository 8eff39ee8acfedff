import type { Database } from 'better-sqlite3';
import { FINAL_LIST } from '../../db/sql/final-sql.ts';
import { decodeOutput } from '../../lib/text/decode-output.ts';
import { CURRENT_DICTIONARY_ID, currentDictionary } from '../../model/state-codec.ts';
import { sealedInvocationsOf } from '../sealed/count-gone.ts';
import { addFault, type Fault } from './fault.ts';

/**
 * Checks what is derived from the data: counts (of a sealed day that they are not too small; checkSealedDays compares
 * their sum), the longest time that a command took, the texts of the search and its
 * index. Also checks the dictionaries of states.
 */
export function checkDerived(sqlite: Database): Fault[] {
  const faults: Fault[] = [];
  const counts = sqlite
    .prepare<[], { key: string }>(
      `SELECT json_array(day, account_id, region, document_name, status, status_details) AS key FROM (
         SELECT day, account_id, region, document_name, status, status_details, invocations AS n FROM main.daily_counts
         UNION ALL
         SELECT substr(requested_at, 1, 10), account_id, region, document_name, status, status_details, -1 FROM main.invocations)
        GROUP BY day, account_id, region, document_name, status, status_details
       HAVING iif(day IN (SELECT day FROM main.sealed_days WHERE pruned_seq IS NULL AND is_unsealed = 0), sum(n) < 0, sum(n) <> 0) LIMIT 10`,
    )
    .all();
  for (const { key } of counts) addFault(faults, `daily_counts has the wrong number of invocations for ${key}`);
  const stateless = sqlite
    .prepare<[], { id: number }>(
      'SELECT id FROM main.invocations i WHERE NOT EXISTS (SELECT 1 FROM main.revisions WHERE invocation_id = i.id) LIMIT 10',
    )
    .all();
  for (const { id } of stateless) addFault(faults, `invocation ${id} has no revision: it was never observed`);
  const dictionaries = sqlite
    .prepare<[], { id: number; bytes: Buffer }>('SELECT id, bytes FROM main.state_dictionaries')
    .all();
  for (const { id, bytes } of dictionaries)
    if (id !== CURRENT_DICTIONARY_ID || !bytes.equals(currentDictionary()))
      addFault(faults, `dictionary ${id} of states was not made by ssm-archive`);
  for (const what of [
    ...spreadFaults(sqlite),
    ...shortFaults(sqlite),
    ...searchFaults(sqlite),
    ...decodedFaults(sqlite),
  ])
    addFault(faults, what);
  return faults;
}

/**
 * If a stored time is too short, too much counts as complete. It may be longer than the archive's commands took,
 * because the command that took longest may have been pruned.
 */
function spreadFaults(sqlite: Database): string[] {
  return sqlite
    .prepare<[], string>(
      `WITH last AS (
         SELECT command_id, account_id, region, max(requested_at) AS at FROM main.invocations GROUP BY command_id, account_id, region
       ), longest AS (
         SELECT account_id, region, max(round((julianday(l.at) - julianday(c.requested_at)) * 86400000)) AS ms
           FROM last l JOIN main.commands c USING (account_id, region, command_id) GROUP BY account_id, region
       )
       SELECT json_array(account_id, region) FROM longest l LEFT JOIN main.command_spreads s USING (account_id, region)
        WHERE l.ms > coalesce(s.longest_ms, 0) LIMIT 10`,
    )
    .pluck()
    .all()
    .map((key) => `command_spreads has too short a time for ${key}: a command took longer until its last invocation`);
}

/**
 * An ended command lacks exactly what its TargetCount counts more than the archive has. If invocations of its account and
 * region from its time or later were pruned, it may have lost some to that: then the row may say less.
 */
function shortFaults(sqlite: Database): string[] {
  return sqlite
    .prepare<[], string>(
      `WITH known AS (
         SELECT c.account_id, c.region, c.command_id, c.requested_at, c.target_count - (SELECT count(*) FROM main.invocations i
                WHERE i.command_id = c.command_id AND i.account_id = c.account_id AND i.region = c.region) - ${sealedInvocationsOf('c')} AS missing
           FROM main.commands c WHERE c.status IN ${FINAL_LIST} AND c.target_count > 0
       ), pruned AS (
         SELECT p.value ->> '$.accountId' AS account_id, p.value ->> '$.region' AS region, max(p.value ->> '$.toAt') AS to_at
           FROM main.ledger_entries e, json_each(e.entry_json, '$.places') p
          WHERE e.kind = 'pruned' AND json_valid(e.entry_json) AND p.value ->> '$.invocations' > 0 GROUP BY 1, 2
       )
       SELECT json_array(account_id, region, command_id) FROM known LEFT JOIN main.short_commands s USING (account_id, region, command_id)
         LEFT JOIN pruned p USING (account_id, region)
        WHERE coalesce(s.missing, 0) > max(known.missing, 0) OR s.missing IS NOT NULL AND s.requested_at IS NOT known.requested_at
           OR coalesce(known.requested_at > p.to_at, p.to_at IS NULL) AND coalesce(s.missing, 0) <> max(known.missing, 0)
       UNION ALL
       SELECT json_array(account_id, region, command_id) FROM main.short_commands s
        WHERE NOT EXISTS (SELECT 1 FROM known k WHERE k.account_id = s.account_id AND k.region = s.region AND k.command_id = s.command_id)
        LIMIT 10`,
    )
    .pluck()
    .all()
    .map((key) => `short_commands does not have the number of invocations that command ${key} lacks`);
}

/**
 * An output in UTF-16 is searched by its decoded text. If that text is wrong, a search does not find the output, or
 * finds it by words that it never had. Outputs that an older version indexed have no decoded text yet, and are left
 * out.
 */
function decodedFaults(sqlite: Database): string[] {
  const rows = sqlite
    .prepare<[], { id: number; text: string | null; decoded: Buffer | null }>(
      `SELECT id, text, decoded FROM (
         SELECT d.output_id AS id, o.text, CAST(d.text AS BLOB) AS decoded
           FROM main.decoded_outputs d LEFT JOIN main.outputs o ON o.id = d.output_id
         UNION ALL
         SELECT o.id, o.text, NULL FROM main.outputs o
          WHERE instr(o.text, char(0)) > 0 AND o.id <= (SELECT max(id) FROM main.outputs_fts_docsize)
            AND o.id NOT IN (SELECT output_id FROM main.decoded_outputs)
            AND NOT EXISTS (SELECT 1 FROM main.outputs_to_decode t WHERE o.id BETWEEN t.first_id AND t.last_id))`,
    )
    .iterate();
  const faults: string[] = [];
  for (const { id, text, decoded } of rows) {
    const means = text === null ? undefined : decodeOutput(text);
    const expected = means === undefined || means === text ? null : Buffer.from(means);
    if (expected === null ? decoded === null : decoded?.equals(expected)) continue;
    faults.push(`decoded_outputs is wrong about output ${id}`);
    if (faults.length === 10) break;
  }
  return faults;
}

/**
 * Outputs become searchable in the order of their numbers, some time after they are stored. So an output without an
 * index entry is a fault only if a later output has one.
 */
function searchFaults(sqlite: Database): string[] {
  const numbers = (sql: string) => sqlite.prepare(`${sql} LIMIT 10`).pluck().all();
  const passedOver = numbers(
    `SELECT id FROM main.outputs WHERE id < (SELECT max(id) FROM main.outputs_fts_docsize)
        AND id NOT IN (SELECT id FROM main.outputs_fts_docsize)`,
  );
  const beside = numbers('SELECT id FROM main.outputs_fts_docsize WHERE id NOT IN (SELECT id FROM main.outputs)');
  return [
    ...passedOver.map((id) => `output ${id} is missing from the search index, although later outputs are in it`),
    ...beside.map((id) => `the search index has output ${id}, which does not exist`),
  ];
}
