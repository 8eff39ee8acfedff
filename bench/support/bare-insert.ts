import type { Database } from 'better-sqlite3';
import { INVOCATION_MEMBERS, PLUGIN_MEMBERS } from '../../src/archive/invocation-view.ts';
import { wasSkipped } from '../../src/lib/skipped-steps.ts';
import type { NormalizedPlugin } from '../../src/model/observed-invocation.ts';
import { observeInvocation } from '../../src/upstream/observe-invocation.ts';
import { OBSERVED_AT, type RawPage } from './generate-pages.ts';

type Row = unknown[];

/** A page as rows whose ids are settled: nothing is left but to insert them. */
export interface PageRows {
  invocations: Row[];
  plugins: Row[];
  outputs: Row[];
}

/** The members of a step that are columns; the others are made when they are read. */
const STEP_COLUMNS = PLUGIN_MEMBERS.flatMap(([member, sql]) => {
  const column = /^p\.(\w+)$/.exec(sql)?.[1];
  return column === undefined ? [] : [{ member, column }];
});

/**
 * The fastest plain way to write a page with better-sqlite3: prepared inserts by position, in one transaction. Ids, times,
 * digests and which outputs are new are found by `prepareRows`, beforehand.
 */
export function createBareInsert(sqlite: Database) {
  const prepare = (table: string, columns: string[]) =>
    sqlite.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  const insertInvocation = prepare('invocations', [
    ...['id', 'fingerprint'],
    ...INVOCATION_MEMBERS.map(([, column]) => column),
  ]);
  const insertPlugin = prepare('plugins', ['invocation_id', 'output_id', ...STEP_COLUMNS.map(({ column }) => column)]);
  const insertOutput = prepare('outputs', ['id', 'sha256', 'text', 'size_bytes']);
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
      const { commandId, instanceId, fingerprint } = observed;
      const values: Readonly<Record<string, unknown>> = {
        ...{ ...source, commandId, instanceId, ...now, notificationEvents: now.notificationEventsJson },
        ...{ firstSeenAt: OBSERVED_AT, changedAt: OBSERVED_AT },
      };
      rows.invocations.push([invocationId, fingerprint, ...INVOCATION_MEMBERS.map(([member]) => values[member])]);
      now.plugins.forEach((plugin, position) => {
        const step = valuesOf(plugin, position);
        const values = STEP_COLUMNS.map(({ member }) => step[member]);
        rows.plugins.push([invocationId, outputIdOf(plugin, rows), ...values]);
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

function valuesOf(plugin: NormalizedPlugin, position: number): Readonly<Record<string, unknown>> {
  const output = plugin.output?.text ?? null;
  return { ...plugin, position, isOutputPruned: 0, isSkipped: Number(wasSkipped({ ...plugin, output })) };
}
