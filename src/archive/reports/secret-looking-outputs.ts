import type { Report } from '../../questions/reports/report.ts';
import { SPAN_PARAMETERS } from './span-parameters.ts';

const repeat = (set: string, times: number) => `[${set}]`.repeat(times);

/** The beginning of a secret in lower case, and a pattern for the whole secret as it was printed. */
const SHAPES: readonly (readonly [kind: string, marker: string, glob: string])[] = [
  ['AWS access key id', 'akia', `AKIA${repeat('0-9A-Z', 16)}*`],
  ['AWS access key id', 'asia', `ASIA${repeat('0-9A-Z', 16)}*`],
  ['private key', '-----begin ', '-----BEGIN *PRIVATE KEY-----*'],
  ['bearer token', 'bearer ', `[Bb][Ee][Aa][Rr][Ee][Rr] ${repeat('0-9A-Za-z._~+/=-', 16)}*`],
  ['JSON web token', 'eyj', `eyJ${repeat('0-9A-Za-z_-', 10)}*.eyJ*`],
  ['GitHub token', 'ghp_', `ghp_${repeat('0-9A-Za-z', 16)}*`],
  ['GitHub token', 'github_pat_', `github_pat_${repeat('0-9A-Za-z_', 16)}*`],
  ['Slack token', 'xox', `xox[abeoprs]-${repeat('0-9A-Za-z-', 8)}*`],
];

/** Names that are written before a secret, as in `name=…`, `name: …` or `"name": "…"`. They are in lower case here. */
const NAMES: readonly (readonly [kind: string, marker: string])[] = [
  ['password', 'password'],
  ['password', 'passwd'],
  ['password', 'pwd'],
  ['secret', 'secret'],
  ['secret', 'secret_key'],
  ['secret', 'secret_access_key'],
  ['secret', 'secretaccesskey'],
  ['API key', 'api_key'],
  ['API key', 'api-key'],
  ['API key', 'apikey'],
  ['token', 'token'],
];

/** A value that may be a secret begins with four of these characters. So `***` and `${PASSWORD}` are no secrets. */
const VALUE = `${repeat('0-9A-Za-z+/_.@#!~-', 4)}*`;

const MARKERS = [...SHAPES, ...NAMES.map(([kind, marker]) => [kind, marker, ''] as const)]
  .map((row) => `(${row.map((text) => `'${text}'`).join(', ')})`)
  .join(',\n    ');

// UTF-16 is decoded first. The search is on bytes, because SQLite's text functions stop at a NUL, and a secret may come
// after one. LIMIT -1 keeps "texts" a subquery of its own, so that each text is read and put into lower case once, not
// once for each marker.
export const secretLookingOutputs: Report = {
  name: 'secret-looking-outputs',
  reads: 'span',
  inLake: { needs: 'outputs by number, and SQLite’s patterns', refusal: 'near "glob"' },
  description:
    'Steps that printed what looks like a secret (access keys, private keys, passwords, tokens), the newest first. The report shows where, but not the secret itself. It only guesses by the form of the text, so look at the output before you act.',
  sql: `WITH RECURSIVE markers (kind, marker, glob) AS (VALUES
    ${MARKERS}
), printed AS (
  SELECT DISTINCT p.output_id FROM invocations i JOIN plugins p ON p.invocation_id = i.id
   WHERE i.requested_at >= :from AND i.requested_at < :to AND p.output_id IS NOT NULL
), texts AS (
  SELECT o.id, CAST(lower(decode_text(o.text)) AS BLOB) AS bytes FROM printed JOIN outputs o ON o.id = output_id LIMIT -1
), hits (output_id, kind, marker, glob, at) AS (
  SELECT id, kind, marker, glob, instr(bytes, CAST(marker AS BLOB))
    FROM texts CROSS JOIN markers WHERE instr(bytes, CAST(marker AS BLOB)) > 0
   UNION ALL
  SELECT output_id, kind, marker, glob,
         at + instr(substr(CAST(lower(decode_text(o.text)) AS BLOB), at + 1), CAST(marker AS BLOB))
    FROM hits JOIN outputs o ON o.id = output_id
   WHERE instr(substr(CAST(lower(decode_text(o.text)) AS BLOB), at + 1), CAST(marker AS BLOB)) > 0
), tails AS (
  SELECT output_id, kind, marker, glob, at, CAST(decode_text(o.text) AS BLOB) AS bytes,
         CAST(substr(CAST(decode_text(o.text) AS BLOB), at, 200) AS TEXT) AS found,
         ltrim(CAST(substr(CAST(decode_text(o.text) AS BLOB), at + length(marker), 60) AS TEXT), ' "''') AS tail
    FROM hits JOIN outputs o ON o.id = output_id
), secrets AS (
  SELECT DISTINCT output_id, kind, substr(found, 1, length(marker)) || '…' AS shown,
         at - octet_length(replace(substr(bytes, 1, at - 1), char(10), '')) AS line
    FROM tails
   WHERE iif(glob <> '', found GLOB glob, tail GLOB '[:=]*' AND ltrim(tail, ' "'':=') GLOB '${VALUE}')
)
SELECT i.requested_at, i.account_id, i.region, i.instance_id, i.instance_name, i.document_name,
       p.position, p.name AS plugin_name, s.kind, s.line, s.shown, i.command_id
  FROM secrets s
  JOIN plugins p ON p.output_id = s.output_id
  JOIN invocations i ON i.id = p.invocation_id
 WHERE i.requested_at >= :from AND i.requested_at < :to
 ORDER BY i.requested_at DESC, i.account_id, i.region, i.command_id, i.instance_id, p.position, s.line, s.kind, s.shown`,
  parameters: [...SPAN_PARAMETERS],
};
