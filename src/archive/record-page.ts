import type { Database } from 'better-sqlite3';
import type {
  NormalizedInvocation,
  NormalizedOutput,
  ObservedInvocation,
  SourceKey,
} from '../lib/observed-invocation.ts';
import { CURRENT_DICTIONARY_ID, currentDictionary, packState, unpackState } from './state-codec.ts';

/** What a page held, against what the archive knew. */
export interface PageTally {
  seen: number;
  added: number;
  changed: number;
}

export interface RecordedPage {
  source: SourceKey;
  observed: readonly ObservedInvocation[];
  /** ISO time at which the reply came. */
  observedAt: string;
  /** Runs in the page's own transaction, before its rows: the lease's fence and the sweep's counters. */
  inTransaction?: (tally: PageTally) => void;
}

interface KnownRow {
  id: number;
  fingerprint: Buffer;
}

const KNOWN_OUTPUTS = 20_000;

/**
 * Prepares the statements once and returns the verb: records a page in one transaction and says what was new. An
 * invocation whose fingerprint is unchanged writes nothing; a page without news does not even begin a transaction.
 * Whatever differs is upserted with its steps and outputs, and gets a revision. Errors roll the whole page back.
 */
export function createPageRecorder(sqlite: Database): (page: RecordedPage) => PageTally {
  const dictionary = ensureDictionary(sqlite);
  const find = sqlite.prepare<unknown[], KnownRow>(
    'SELECT id, fingerprint FROM invocations WHERE account_id = ? AND region = ? AND command_id = ? AND instance_id = ?',
  );
  const lastState = sqlite.prepare<unknown[], { state: Buffer; bytes: Buffer }>(
    'SELECT state, bytes FROM revisions JOIN state_dictionaries d ON d.id = dictionary_id WHERE invocation_id = ? ORDER BY seq DESC LIMIT 1',
  );
  const statements = prepareWrites(sqlite);
  // Most outputs of a fleet have been printed before: their ids are kept at hand, the newest of them.
  const outputIds = new Map<string, number | bigint>();

  const write = sqlite.transaction((page: RecordedPage, news: ObservedInvocation[]) => {
    const tally: PageTally = { seen: page.observed.length, added: 0, changed: 0 };
    for (const observed of news) {
      // Read again: the page may hold the same invocation twice.
      const row = rowOf(page.source, observed);
      if (!isNews(row, observed)) continue;
      recordInvocation(page, observed, row);
      tally[row ? 'changed' : 'added'] += 1;
    }
    page.inTransaction?.(tally);
    return tally;
  });

  function rowOf(
    { accountId, region }: SourceKey,
    { commandId, instanceId }: ObservedInvocation,
  ): KnownRow | undefined {
    return find.get(accountId, region, commandId, instanceId);
  }

  /** The fingerprint tells quickly what has not changed; members in another order are not a change either. */
  function isNews(row: KnownRow | undefined, { fingerprint, normalize }: ObservedInvocation): boolean {
    if (!row) return true;
    if (row.fingerprint.equals(fingerprint)) return false;
    const last = lastState.get(row.id);
    return !last || unpackState(last.state, last.bytes) !== normalize().stateJson;
  }

  function recordInvocation(page: RecordedPage, observed: ObservedInvocation, row: KnownRow | undefined): void {
    const { source, observedAt } = page;
    const now = observed.normalize();
    let id: number | bigint;
    if (row) {
      id = row.id;
      statements.updateInvocation.run(...columnsOf(now), observedAt, observed.fingerprint, id);
    } else {
      const key = [source.accountId, source.region, observed.commandId, observed.instanceId];
      id = statements.insertInvocation.run(
        ...key,
        ...columnsOf(now),
        observedAt,
        observedAt,
        observed.fingerprint,
      ).lastInsertRowid;
    }
    now.plugins.forEach((p, position) => {
      const outputId = p.output === null ? null : outputIdOf(p.output);
      const times = [p.startedAt, p.finishedAt, outputId];
      const places = [
        p.standardOutputUrl,
        p.standardErrorUrl,
        p.outputS3Region,
        p.outputS3BucketName,
        p.outputS3KeyPrefix,
      ];
      statements.upsertPlugin.run(id, position, p.name, p.status, p.statusDetails, p.responseCode, ...times, ...places);
    });
    if (row) statements.deletePluginsFrom.run(id, now.plugins.length);
    const state = packState(now.stateJson, dictionary);
    statements.insertRevision.run(
      id,
      observedAt,
      now.status,
      now.statusDetails,
      now.plugins.length,
      CURRENT_DICTIONARY_ID,
      state,
    );
  }

  function outputIdOf({ sha256, text }: NormalizedOutput): number | bigint {
    const key = sha256.toString('latin1');
    const known = outputIds.get(key);
    if (known !== undefined) return known;
    const inserted = statements.insertOutput.run(sha256, text, Buffer.byteLength(text));
    const id = inserted.changes === 1 ? inserted.lastInsertRowid : Number(statements.findOutput.get(sha256));
    if (outputIds.size >= KNOWN_OUTPUTS) outputIds.clear();
    outputIds.set(key, id);
    return id;
  }

  return (page) => {
    const news = page.observed.filter((observed) => isNews(rowOf(page.source, observed), observed));
    if (news.length === 0) return { seen: page.observed.length, added: 0, changed: 0 };
    try {
      return write.immediate(page, news);
    } catch (error) {
      // The ids of outputs that were rolled back belong to no row now.
      outputIds.clear();
      throw error;
    }
  };
}

function columnsOf(i: NormalizedInvocation): (string | number | null)[] {
  const what = [i.instanceName, i.comment, i.documentName, i.documentVersion, i.requestedAt, i.status, i.statusDetails];
  const where = [i.traceOutput, i.standardOutputUrl, i.standardErrorUrl, i.serviceRole];
  const notice = [i.notificationArn, i.notificationEventsJson, i.notificationType];
  return [...what, ...where, ...notice, i.cloudwatchLogGroup, i.isCloudwatchOutputEnabled];
}

function prepareWrites(sqlite: Database) {
  const columns =
    'instance_name, comment, document_name, document_version, requested_at, status, status_details, trace_output, standard_output_url, standard_error_url, service_role, notification_arn, notification_events_json, notification_type, cloudwatch_log_group, is_cloudwatch_output_enabled';
  const pluginColumns =
    'name, status, status_details, response_code, started_at, finished_at, output_id, standard_output_url, standard_error_url, output_s3_region, output_s3_bucket_name, output_s3_key_prefix';
  const marks = (list: string) => list.replace(/\w+/g, '?');
  return {
    insertInvocation: sqlite.prepare(
      `INSERT INTO invocations (account_id, region, command_id, instance_id, ${columns}, first_seen_at, changed_at, fingerprint) VALUES (?, ?, ?, ?, ${marks(columns)}, ?, ?, ?)`,
    ),
    updateInvocation: sqlite.prepare(
      `UPDATE invocations SET (${columns}, changed_at, fingerprint) = (${marks(columns)}, ?, ?) WHERE id = ?`,
    ),
    upsertPlugin: sqlite.prepare(
      `INSERT INTO plugins (invocation_id, position, ${pluginColumns}) VALUES (?, ?, ${marks(pluginColumns)})
       ON CONFLICT (invocation_id, position) DO UPDATE SET (${pluginColumns}) = (${pluginColumns.replace(/\w+/g, 'excluded.$&')})`,
    ),
    deletePluginsFrom: sqlite.prepare('DELETE FROM plugins WHERE invocation_id = ? AND position >= ?'),
    insertOutput: sqlite.prepare(
      'INSERT INTO outputs (sha256, text, size_bytes) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING',
    ),
    findOutput: sqlite.prepare('SELECT id FROM outputs WHERE sha256 = ?').pluck(),
    insertRevision: sqlite.prepare(
      'INSERT INTO revisions (invocation_id, observed_at, status, status_details, plugin_count, dictionary_id, state) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
  };
}

/** The dictionary of the current id, from the file where it is there already: what packed a state must unpack it. */
function ensureDictionary(sqlite: Database): Buffer {
  sqlite
    .prepare('INSERT INTO state_dictionaries (id, bytes) VALUES (?, ?) ON CONFLICT (id) DO NOTHING')
    .run(CURRENT_DICTIONARY_ID, currentDictionary());
  return (
    sqlite
      .prepare<unknown[], Buffer>('SELECT bytes FROM state_dictionaries WHERE id = ?')
      .pluck()
      .get(CURRENT_DICTIONARY_ID) ?? currentDictionary()
  );
}
