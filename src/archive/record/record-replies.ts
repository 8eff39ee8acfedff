import type { Database } from 'better-sqlite3';
import { isFinal } from '../../model/final-status.ts';
import type {
  NormalizedInvocation,
  NormalizedOutput,
  ObservedInvocation,
  SourceKey,
} from '../../model/observed-invocation.ts';
import { wasSkipped } from '../../model/skipped-steps.ts';
import { createLookDebtor } from '../looks/owed-looks.ts';
import { countBack, hasGone } from '../sealed/count-gone.ts';
import { createMoveRecorder } from '../sealed/day-moves.ts';
import type { SealedInvocation } from '../sealed/sealed-invocations.ts';
import { SealedMeanwhile } from '../sealed/sealed-meanwhile.ts';
import { createDailyCounter } from './count-days.ts';
import { createSpreadRecorder } from './create-spread-recorder.ts';
import { createCommandStateRecorder, type NewCommandState } from './record-command-states.ts';
import { createCommandRecorder } from './record-commands.ts';
import { createRevisionRecorder, type NewRevision } from './record-revisions.ts';
import { columnsOf, prepareWrites, stepColumnsOf } from './rows/prepare-writes.ts';

/** Counts of a reply's invocations, compared with what the archive had. */
export interface ReplyTally {
  seen: number;
  added: number;
  changed: number;
  /** The changed invocations that were final before: the service changed a final state. */
  changedFinal: number;
}

export interface ReplyToRecord {
  source: SourceKey;
  observed: readonly ObservedInvocation[];
  /** ISO time at which the reply came. */
  observedAt: string;
  /**
   * Runs in the reply's own transaction, after its rows are written: checks the lease and updates the sweep's counters.
   */
  inTransaction?: (tally: ReplyTally) => void;
  /**
   * Whether the reply belongs to a late look at final invocations. If it shows a change, the changed invocation needs
   * no other look.
   */
  isLook?: boolean;
  /**
   * The invocations of sealed days that are not in the file, by their places in `observed`; undefined for those that the
   * lake does not have either.
   */
  sealed?: ReadonlyMap<number, SealedInvocation | undefined>;
}

interface KnownRow {
  id: number;
  /**
   * Whether the stored fingerprint equals the observed one. SQLite compares them, because fetching the fingerprint
   * would double the cost of the query.
   */
  isSame: 0 | 1;
  status: string | null;
}

interface Found {
  observed: ObservedInvocation;
  row: KnownRow | undefined;
  /** The invocation in the lake, if only the lake has it. */
  sealed: SealedInvocation | undefined;
  /** Whether the lake was looked at. */
  isLookedFor: boolean;
}

/** A reply, with those of its invocations that may have to be written. */
interface Draft {
  reply: ReplyToRecord;
  found: Found[];
}

const KNOWN_OUTPUTS = 20_000;

/** Like createRepliesRecorder, but the function records a single reply. */
export function createSingleReplyRecorder(sqlite: Database): (reply: ReplyToRecord) => ReplyTally {
  const record = createRepliesRecorder(sqlite);
  return (reply) => record([reply])[0] ?? tallyOf(reply);
}

/**
 * Prepares the statements once and returns a function that records replies in one transaction, in their order, and
 * returns what was new in each. Nothing is written for an invocation with an unchanged fingerprint; if no reply has
 * news, no transaction is begun. A changed invocation is upserted with its steps and outputs, and gets a revision and a
 * leaf in the ledger. An error rolls everything back.
 */
export function createRepliesRecorder(sqlite: Database): (replies: readonly ReplyToRecord[]) => ReplyTally[] {
  const revisions = createRevisionRecorder(sqlite);
  const find = sqlite.prepare<unknown[], KnownRow>(
    'SELECT id, fingerprint = ? AS isSame, status FROM invocations WHERE command_id = ? AND account_id = ? AND region = ? AND instance_id = ?',
  );
  const isAnyDaySealed = sqlite.prepare('SELECT 1 FROM sealed_days LIMIT 1');
  const statements = prepareWrites(sqlite);
  const spreads = createSpreadRecorder(sqlite);
  const recordCommands = createCommandRecorder(sqlite, spreads);
  const daily = createDailyCounter(sqlite);
  const moves = createMoveRecorder(sqlite);
  const commandStates = createCommandStateRecorder(sqlite);
  const oweLooks = createLookDebtor(sqlite);
  // Most outputs were printed before by another node, so the ids of the newest outputs are kept in memory.
  const outputIds = new Map<string, number | bigint>();
  const version = sqlite.prepare<[], number>('PRAGMA data_version').pluck();
  let lastVersion = version.get();

  const write = sqlite.transaction((drafts: readonly Draft[], isRepeating: boolean) => {
    // Another process has written since. It may have removed outputs with the rows of a sealed day.
    const versionNow = version.get();
    if (versionNow !== lastVersion) outputIds.clear();
    lastVersion = versionNow;
    const written: NewRevision[] = [];
    const commands: NewCommandState[] = [];
    // The new state of each invocation in these replies. The file has no revision of these states yet.
    const newest = new Map<number | bigint, string>();
    const hasSealed = isAnyDaySealed.get() !== undefined;
    const tallies = drafts.map(({ reply, found }) => {
      const tally = tallyOf(reply);
      const ofReply: (NewRevision & { isNew: boolean })[] = [];
      const maybeOwed: { id: number | bigint; now: NormalizedInvocation }[] = [];
      for (const one of found) {
        const { observed } = one;
        const row = isRepeating || hasSealed ? rowNow(reply.source, one) : one.row;
        if ((isRepeating || one.sealed) && !isNews(row, observed, newest)) continue;
        const now = observed.normalize();
        if (row) moves.note(row.id, daily.leave(row.id), now.requestedAt?.slice(0, 10) ?? null);
        daily.enter(reply.source, now);
        const id = recordInvocation(reply, observed, row, now);
        ofReply.push({ id, source: reply.source, observedAt: reply.observedAt, observed, now, isNew: !row });
        if (!row || !reply.isLook) maybeOwed.push({ id, now });
        newest.set(id, now.stateJson);
        tally[row ? 'changed' : 'added'] += 1;
        if (row && isFinal(row.status)) tally.changedFinal += 1;
      }
      commands.push(...recordCommands(reply.source, reply.observedAt, ofReply));
      oweLooks(reply.source, reply.observedAt, maybeOwed);
      written.push(...ofReply);
      return tally;
    });
    daily.write();
    revisions.record(written);
    moves.write();
    commandStates.record(commands);
    drafts.forEach(({ reply }, n) => {
      reply.inTransaction?.(tallies[n] ?? tallyOf(reply));
    });
    return tallies;
  });

  function rowOf(
    { accountId, region }: SourceKey,
    { commandId, instanceId, fingerprint }: ObservedInvocation,
  ): KnownRow | undefined {
    return find.get(fingerprint, commandId, accountId, region, instanceId);
  }

  /**
   * Returns the row as it is now, in the transaction. A row that only the lake has is brought back first. Throws
   * SealedMeanwhile if the lake may have the row and was not looked at.
   */
  function rowNow(source: SourceKey, { observed, row: before, sealed, isLookedFor }: Found): KnownRow | undefined {
    const row = rowOf(source, observed);
    if (row) return row;
    if (!isLookedFor && (before || hasGone(sqlite, source, observed))) throw new SealedMeanwhile(observed);
    if (!sealed) return undefined;
    sealed.bringBack(sqlite);
    countBack(sqlite, [sealed.id]);
    return rowOf(source, observed);
  }

  /**
   * Equal fingerprints show quickly that nothing changed. If they differ, the states are compared, because a new order
   * of members does not count as a change.
   */
  function isNews(
    row: KnownRow | undefined,
    { normalize }: ObservedInvocation,
    newest?: ReadonlyMap<number | bigint, string>,
  ): boolean {
    if (!row) return true;
    if (row.isSame) return false;
    return (newest?.get(row.id) ?? revisions.lastStateOf(row.id)) !== normalize().stateJson;
  }

  function recordInvocation(
    reply: ReplyToRecord,
    observed: ObservedInvocation,
    row: KnownRow | undefined,
    now: NormalizedInvocation,
  ): number | bigint {
    const { source, observedAt } = reply;
    let id: number | bigint;
    if (row) {
      id = row.id;
      statements.updateInvocation.run(columnsOf(now), observedAt, observed.fingerprint, id);
    } else {
      const { accountId, region } = source;
      const seen = [observedAt, observedAt, observed.fingerprint];
      const key = [accountId, region, observed.commandId, observed.instanceId];
      id = statements.insertInvocation.run(key, columnsOf(now), seen).lastInsertRowid;
    }
    now.plugins.forEach((p, position) => {
      const outputId = p.output === null ? null : outputIdOf(p.output);
      const { status, responseCode } = p;
      const isSkipped = Number(wasSkipped({ status, responseCode, output: p.output?.text ?? null }));
      statements.upsertPlugin.run(id, position, stepColumnsOf(p, outputId), isSkipped);
    });
    if (row) statements.deletePluginsFrom.run(id, now.plugins.length);
    return id;
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

  return (replies) => {
    const drafts = replies.map((reply) => ({
      reply,
      found: reply.observed.map((observed, place): Found => {
        const row = rowOf(reply.source, observed);
        const isLookedFor = !row && (reply.sealed?.has(place) ?? false);
        return { observed, row, sealed: isLookedFor ? reply.sealed?.get(place) : undefined, isLookedFor };
      }),
    }));
    const news = drafts.map(({ reply, found }) => ({
      reply,
      found: found.filter(({ observed, row, sealed }) =>
        row || !sealed ? isNews(row, observed) : !sealed.fingerprint.equals(observed.fingerprint),
      ),
    }));
    if (news.every(({ found }) => found.length === 0)) return replies.map(tallyOf);
    // If a reply shows two states of an invocation, the last one is its present state, even if the archive had that
    // state before.
    const isRepeating = hasRepeats(replies);
    try {
      return write.immediate(isRepeating ? drafts : news, isRepeating);
    } catch (error) {
      // The rollback has removed the rows of the new outputs, so their ids must be forgotten.
      outputIds.clear();
      daily.forget();
      moves.forget();
      spreads.forget();
      throw error;
    }
  };
}

function tallyOf({ observed }: ReplyToRecord): ReplyTally {
  return { seen: observed.length, added: 0, changed: 0, changedFinal: 0 };
}

function hasRepeats(replies: readonly ReplyToRecord[]): boolean {
  const keys = replies.flatMap(({ source: { accountId, region }, observed }) =>
    observed.map(({ commandId, instanceId }) => `${accountId} ${region} ${commandId} ${instanceId}`),
  );
  return new Set(keys).size < keys.length;
}
