import type { Database } from 'better-sqlite3';
import { INVOCATION_MEMBERS, membersOf, STEP_MEMBERS } from '../../src/model/members.ts';
import type { NormalizedInvocation, NormalizedPlugin } from '../../src/model/observed-invocation.ts';
import { wasSkipped } from '../../src/model/skipped-steps.ts';
import { observeInvocation } from '../../src/upstream/replies/observe-invocation.ts';
import { OBSERVED_AT, type RawReply } from './generate-replies.ts';

const MEMBERS = membersOf(INVOCATION_MEMBERS);
const STEP = membersOf(STEP_MEMBERS);
const INVOCATION_COLUMNS = [
  ...['id', 'account_id', 'region', 'command_id', 'instance_id'],
  ...MEMBERS.map(({ column }) => column),
  ...['first_seen_at', 'changed_at', 'fingerprint'],
];
const PLUGIN_COLUMNS = ['invocation_id', 'position', ...STEP.map(({ column }) => column)];

type Row = (string | number | Buffer | null)[];

/** A reply as rows whose ids are already decided, so that only the inserts are left. */
export interface ReplyRows {
  invocations: Row[];
  plugins: Row[];
  outputs: Row[];
}

/**
 * The fastest plain way to write a reply with better-sqlite3: prepared inserts by position, in one transaction. Before
 * that, `prepareRows` decides ids, times, digests and which outputs are new.
 */
export function createBareInsert(sqlite: Database) {
  const insertInvocation = sqlite.prepare(
    `INSERT INTO invocations (${INVOCATION_COLUMNS.join(', ')}) VALUES (${marks(INVOCATION_COLUMNS)})`,
  );
  const insertPlugin = sqlite.prepare(
    `INSERT INTO plugins (${PLUGIN_COLUMNS.join(', ')}, is_output_pruned, is_skipped) VALUES (${marks(PLUGIN_COLUMNS)}, 0, ?)`,
  );
  const insertOutput = sqlite.prepare('INSERT INTO outputs (id, sha256, text, size_bytes) VALUES (?, ?, ?, ?)');
  const outputIds = new Map<string, number>();
  let invocationId = 0;

  const insertRows = sqlite.transaction(({ invocations, plugins, outputs }: ReplyRows) => {
    for (const row of outputs) insertOutput.run(row);
    for (const row of invocations) insertInvocation.run(row);
    for (const row of plugins) insertPlugin.run(row);
  });

  function prepareRows({ source, items }: RawReply): ReplyRows {
    const rows: ReplyRows = { invocations: [], plugins: [], outputs: [] };
    for (const observed of items.map(observeInvocation)) {
      invocationId += 1;
      const now = observed.normalize();
      const key = [invocationId, source.accountId, source.region, observed.commandId, observed.instanceId];
      rows.invocations.push([...key, ...invocationColumns(now), OBSERVED_AT, OBSERVED_AT, observed.fingerprint]);
      now.plugins.forEach((plugin, position) => {
        const isSkipped = Number(wasSkipped({ ...plugin, output: plugin.output?.text ?? null }));
        rows.plugins.push([invocationId, position, ...pluginColumns(plugin, outputIdOf(plugin, rows)), isSkipped]);
      });
    }
    return rows;
  }

  function outputIdOf({ output }: NormalizedPlugin, rows: ReplyRows): number | null {
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

function invocationColumns(invocation: NormalizedInvocation): Row {
  return MEMBERS.map(({ name }) => invocation[name]);
}

function pluginColumns(plugin: NormalizedPlugin, outputId: number | null): Row {
  return STEP.map(({ name }) => (name === 'output' ? outputId : plugin[name]));
}

function marks(columns: readonly string[]): string {
  return columns.map(() => '?').join(', ');
}
