import type { Report } from '../../questions/reports/report.ts';

/**
 * AWS's own documents that patch, or look for missing patches. A parameter of the command says which of the two it
 * does; a document without such a parameter always does the same. The documents of Automation
 * (AWS-PatchInstanceWithRollback, AWS-PatchAsgInstance) are not sent by Run Command, but they send one of these
 * documents.
 */
const PATCH_DOCUMENTS: readonly { name: string; toldBy?: string; does?: 'Install' | 'Scan' }[] = [
  { name: 'AWS-RunPatchBaseline', toldBy: 'Operation' },
  { name: 'AWS-RunPatchBaselineAssociation', toldBy: 'Operation' },
  { name: 'AWS-RunPatchBaselineWithHooks', toldBy: 'Operation' },
  { name: 'AWS-ApplyPatchBaseline', toldBy: 'Operation' },
  { name: 'AWS-InstallWindowsUpdates', toldBy: 'Action' },
  { name: 'AWS-InstallMissingWindowsUpdates', does: 'Install' },
  { name: 'AWS-InstallSpecificWindowsUpdates', does: 'Install' },
  { name: 'AWS-FindWindowsUpdates', does: 'Scan' },
];

const literal = (text: string | undefined) => (text === undefined ? 'NULL' : `'${text}'`);
const values = PATCH_DOCUMENTS.map(({ name, toldBy, does }) => `(1, '${name}', ${literal(toldBy)}, ${literal(does)})`);

/**
 * SQL for what a run did, according to the parameter of its command `c` that the row `d` of documents names. The
 * parameter must be one text. Parameters that the archive never saw, that are not JSON, or that have several values or
 * none must neither count as a patch nor break the report.
 */
const OPERATION = `coalesce(d.does, (
    SELECT CASE WHEN count(*) = 1 AND max(j.type) = 'text' THEN
             CASE lower(trim(max(j.atom))) WHEN 'install' THEN 'Install' WHEN 'scan' THEN 'Scan' WHEN 'uninstall' THEN 'Uninstall' END END
      FROM (SELECT CASE WHEN json_valid(c.parameters_json) THEN c.parameters_json ELSE '{}' END AS json, '$."' || d.told_by || '"' AS path) s,
           json_each(s.json, s.path) j WHERE json_type(s.json, s.path) <> 'object'))`;

/**
 * SQL that is true if a step of the run may have run. A document also succeeds on a node with the wrong platform, where
 * the agent skips all steps.
 */
const RAN = `(EXISTS (SELECT 1 FROM plugins p WHERE p.invocation_id = i.id AND p.is_skipped IS NOT 1)
       OR NOT EXISTS (SELECT 1 FROM plugins p WHERE p.invocation_id = i.id))`;

const COMMAND = 'c.account_id = i.account_id AND c.region = i.region AND c.command_id = i.command_id';

// Each + prevents the use of an index with which SQLite would read far more rows: those of all time, or those of a
// whole account for each node. Each document's name is found by one step in its index. If several rows of `told` match
// a document, a row of AWS's own documents counts first, and a row with a parameter counts before a row without one.
export const nodesNotPatched: Report = {
  name: 'nodes-not-patched',
  inLake: {
    needs: 'SQLite’s joins in the order of their text, its patterns, and columns outside of GROUP BY',
    refusal: 'near "ON"',
  },
  description:
    'Nodes to which commands were sent since a time, and which are not known to have been patched since then. Nodes that were never patched come first, then those that were patched longest ago. A run counts as a patch only if it installed and succeeded; for most of AWS’s patch documents, the command must say Install, not Scan. `state` is `unknown` if a run of such a document succeeded, but the archive does not know whether it installed, for example because the command was never listed. Otherwise `state` is `not patched`.',
  sql: `WITH RECURSIVE names (document_name) AS (
  SELECT min(document_name) FROM invocations
   UNION ALL
  SELECT (SELECT min(document_name) FROM invocations WHERE document_name > n.document_name) FROM names n WHERE n.document_name IS NOT NULL
), told (rank, name, told_by, does) AS (
  VALUES ${values.join(',\n         ')}
   UNION ALL
  SELECT iif(instr(value, '=') > 0, 2, 3), trim(iif(instr(value, '=') > 0, substr(value, 1, instr(value, '=') - 1), value)),
         CASE WHEN instr(value, '=') > 0 THEN trim(replace(substr(value, instr(value, '=') + 1), '"', '')) END,
         CASE WHEN instr(value, '=') = 0 THEN 'Install' END
    FROM json_each('[' || replace(json_quote(:documents), ',', '","') || ']') WHERE trim(value) <> ''
), documents AS MATERIALIZED (
  SELECT d.document_name, t.told_by, t.does, min(t.rank)
    FROM (SELECT document_name, CASE WHEN document_name GLOB 'arn:*:document/*'
            THEN substr(document_name, instr(document_name, ':document/') + 10) ELSE document_name END AS name
            FROM names) d
    JOIN told t ON t.name IN (d.name, d.document_name)
   GROUP BY d.document_name
), active AS (
  SELECT account_id, region, instance_id, instance_name, max(requested_at) AS last_seen_at
    FROM invocations WHERE requested_at >= :since
   GROUP BY +account_id, region, instance_id
), patched AS (
  SELECT i.account_id, i.region, i.instance_id
    FROM documents d CROSS JOIN invocations i ON i.document_name = d.document_name
    LEFT JOIN commands c ON ${COMMAND}
   WHERE i.requested_at >= :since AND i.status = 'Success' AND ${OPERATION} = 'Install'
     AND ${RAN}
), missing AS MATERIALIZED (
  SELECT * FROM active WHERE (account_id, region, instance_id) NOT IN patched
), patching AS MATERIALIZED (
  SELECT a.account_id, a.region, a.instance_id, i.requested_at,
         CASE WHEN i.status = 'Success' AND ${RAN} THEN coalesce(${OPERATION}, 'unknown') END AS done
    FROM missing a CROSS JOIN invocations i ON i.instance_id = a.instance_id AND +i.account_id = a.account_id AND +i.region = a.region
    JOIN documents d ON d.document_name = i.document_name
    LEFT JOIN commands c ON ${COMMAND}
), last AS (
  SELECT account_id, region, instance_id, max(requested_at) FILTER (WHERE done = 'Install') AS last_patched_at,
         max(requested_at) FILTER (WHERE done = 'Scan') AS last_scanned_at,
         max(requested_at) FILTER (WHERE done = 'unknown') AS last_unknown_at, max(requested_at) AS last_attempt_at
    FROM patching GROUP BY account_id, region, instance_id
)
SELECT account_id, region, instance_id, instance_name, iif(last_unknown_at >= :since, 'unknown', 'not patched') AS state,
       last_patched_at, last_scanned_at, last_unknown_at, last_attempt_at, last_seen_at
  FROM missing LEFT JOIN last USING (account_id, region, instance_id)
 ORDER BY last_patched_at NULLS FIRST, account_id, region, instance_id`,
  parameters: [
    {
      name: 'since',
      type: 'time',
      description: 'Nodes that were not patched since this time are shown.',
      default: '-30d',
    },
    {
      name: 'documents',
      type: 'text',
      description:
        'Your own documents that patch, by name or ARN, separated by commas. Write Acme-Patch for a document that always installs, and Acme-Baseline=Operation for a document that installs if the parameter Operation of its command is Install.',
      default: '',
    },
  ],
};
