import type { Database } from 'better-sqlite3';
import type { NormalizedInvocation, NormalizedPlugin } from '../../src/model/observed-invocation.ts';
import { observeInvocation } from '../../src/upstream/observe-invocation.ts';
import { OBSERVED_AT, type RawPage } from './generate-pages.ts';

type Row = (string | number | Buffer | null)[];

/** A page as rows whose ids are settled: nothing is left but to insert them. */
export interface PageRows {
  invocations: Row[];
  plugins: Row[];
  outputs: Row[];
}

/**
 * The fastest plain way to write a page with better-sqlite3: prepared inserts by position, in one transaction. Ids, times,
 * digests and which outputs are new are found by `prepareRows`, beforehand.
 */
export function createBareInsert(sqlite: Database) {
  const insertInvocation = sqlite.prepare(`INSERT INTO invocations VALUES (${marks(24)})`);
  const insertPlugin = sqlite.prepare(`INSERT INTO plugins VALUES (${marks(14)}, 0, 0)`);
  const insertOutput = sqlite.prepare(`INSERT INTO outputs VALUES (${marks(4)})`);
  const outputIds = new Map<string, number>();
  let invocationId = 0;

  const insertRows = sqlite.transaction(({ invocations, plugins, outputs }: PageRows) => {
    for (const row of outputs) insertOutput.run(row);
    for (const row of invocations) insertInvocation.run(row);
    for (const row of plugins) insertPlugin.run(row);
  });

  function prepareRows({ source, items }: RawPage): PageRows {
    const rows: PageRows = { invocations: [], plugins: [], outputs: [] };
    for (const observed of items.map(observeInvocation)) {
      invocationId += 1;
      const now = observed.normalize();
      const key = [invocationId, source.accountId, source.region, observed.commandId, observed.instanceId];
      rows.invocations.push([...key, ...invocationColumns(now), OBSERVED_AT, OBSERVED_AT, observed.fingerprint]);
      now.plugins.forEach((plugin, position) => {
        rows.plugins.push([invocationId, position, ...pluginColumns(plugin, outputIdOf(plugin, rows))]);
      });
    }
    return rows;
  }

  function outputIdOf({ output }: NormalizedPlugin, rows: PageRows): number | null {
    if (output === null) return null;
    const digest = output.sha256.toString('latin1');
    const known = outputIds.get(digest);
    if (known !== undefined) return known;
    const id = outputIds.size + 1;
    outputIds.set(digest, id);
    rows.outputs.push([id, output.sha256, output.text, Buffer.byteLength(output.text)]);
    return id;
  }

  return { prepareRows, insertRows };
}

function invocationColumns(i: NormalizedInvocation): Row {
  const what = [i.instanceName, i.comment, i.documentName, i.documentVersion, i.requestedAt, i.status, i.statusDetails];
  const where = [i.traceOutput, i.standardOutputUrl, i.standardErrorUrl, i.serviceRole];
  const notice = [i.notificationArn, i.notificationEventsJson, i.notificationType];
  return [...what, ...where, ...notice, i.cloudwatchLogGroup, i.isCloudwatchOutputEnabled];
}

function pluginColumns(p: NormalizedPlugin, outputId: number | null): Row {
  const what = [p.name, p.status, p.statusDetails, p.responseCode, p.startedAt, p.finishedAt, outputId];
  return [
    ...what,
    p.standardOutputUrl,
    p.standardErrorUrl,
    p.outputS3Region,
    p.outputS3BucketName,
    p.outputS3KeyPrefix,
  ];
}

function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}
