import type { Database } from 'better-sqlite3';
import type { InvocationKey } from '../../src/archive/invocations/get-invocation.ts';
import { pathOfComparison, pathOfDocument } from '../../src/http/console/parts/values/paths.ts';

/** Returns the address of something in an archive. It works with any archive. */
type PathIn = (archive: Database) => string;

/** A run that changed while the archive followed it, and that printed in colours, if there is such a run. */
export const pathOfSomeInvocation: PathIn = pathOf(
  'invocations',
  `SELECT account_id, region, command_id, instance_id FROM invocations
   ORDER BY changed_at > first_seen_at DESC, document_name = 'AWS-RunAnsiblePlaybook' DESC, requested_at DESC, id LIMIT 1`,
);

/** A run of whose step all the output was fetched. */
export const pathOfPrinted: PathIn = pathOf(
  'invocations',
  `SELECT i.account_id, i.region, i.command_id, i.instance_id FROM full_outputs f
     JOIN invocations i ON i.id = f.invocation_id ORDER BY f.size_bytes DESC LIMIT 1`,
);

/** The last lines of a fetched output that is longer than a part. A whole part takes a minute to look for barriers in. */
export const pathOfSomeOutput: PathIn = (archive) => {
  const size = Number(archive.prepare('SELECT max(size_bytes) FROM full_outputs').pluck().get());
  return `${pathOfPrinted(archive)}/steps/1/outputs/stdout?provenance=s3&from=${size - 1500}`;
};

/** A command whose invocations have different statuses. */
export const pathOfSomeCommand: PathIn = pathOf(
  'commands',
  `SELECT account_id, region, command_id FROM invocations GROUP BY account_id, region, command_id
   ORDER BY count(DISTINCT status) > 1 DESC, count(*) DESC, command_id LIMIT 1`,
);

export const pathOfSomeNode: PathIn = pathOf(
  'nodes',
  `SELECT account_id, region, instance_id FROM invocations GROUP BY account_id, region, instance_id
   ORDER BY count(*) DESC, instance_id LIMIT 1`,
);

/** The document that failed most. */
export const pathOfSomeDocument: PathIn = (archive) =>
  pathOfDocument(
    archive
      .prepare<[], string>(
        `SELECT document_name FROM invocations GROUP BY document_name ORDER BY sum(status = 'Failed') DESC, count(*) DESC, document_name LIMIT 1`,
      )
      .pluck()
      .get() ?? '',
  );

/**
 * A run and the run before it. Their one step printed different outputs, with some lines in common. No part of the two
 * keys has a slash, which would divide the address.
 */
const DIFFERING = `
  WITH steps AS (
    SELECT account_id AS accountId, region, command_id AS commandId, instance_id AS instanceId, requested_at, output,
           lag(output) OVER own AS before, lag(command_id) OVER own AS beforeId, count(*) OVER (PARTITION BY invocation_id) AS n
      FROM plugin_runs
     WHERE requested_at > '2026-03-03' AND instr(account_id || region || command_id || instance_id, '/') = 0
    WINDOW own AS (PARTITION BY account_id, region, instance_id, document_name ORDER BY requested_at)
  )
  SELECT accountId, region, commandId, instanceId FROM steps
   WHERE n = 1 AND output <> before AND instr(output, char(10)) > 1
     AND instr(before, substr(output, 1, instr(output, char(10)))) = 1
   ORDER BY requested_at DESC, commandId LIMIT 1`;

/** The key of a run that differs from the run before it. */
export function keyOfDiffering(archive: Database): InvocationKey {
  const key = archive.prepare<[], InvocationKey>(DIFFERING).get();
  if (!key) throw new Error('No run differs from the run before it.');
  return key;
}

export const pathOfSomeComparison: PathIn = (archive) => pathOfComparison(keyOfDiffering(archive), 'previous');

function pathOf(section: string, query: string): PathIn {
  return (archive) => {
    const key = archive.prepare<[], string[]>(query).raw().get() ?? [];
    return `/${[section, ...key].map(encodeURIComponent).join('/')}`;
  };
}
