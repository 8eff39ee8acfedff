import {
  type CommandPosition,
  type CommandSearch,
  findCommands,
  isBoundedCommandSearch,
} from '../../archive/commands/find-commands.ts';
import { type AskedSpan, stateCoverage } from '../../archive/coverage/state-coverage.ts';
import {
  findInvocation,
  findInvocations,
  type InvocationPosition,
  type InvocationSearch,
  isBoundedSearch,
} from '../../archive/invocations/find-invocations.ts';
import { listFullOutputs } from '../../archive/outputs/list-full-outputs.ts';
import { readBeginning } from '../../archive/outputs/read-beginning.ts';
import { isHere } from '../../archive/whole/connection-with.ts';
import type { BegunOutput } from '../../archive/whole/find-any-invocation.ts';
import { hasSealedDays } from '../../archive/whole/in-snapshot.ts';
import { isWholeHere } from '../../archive/whole/is-whole-here.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { isoFromMs, type Now } from '../../lib/time.ts';
import { formatCoverage } from '../../model/coverage/coverage-statement.ts';
import { statusesFoundBy } from '../../model/final-status.ts';
import { CONTENT_LIMIT_BYTES } from '../../model/step-content.ts';
import type { ReaderPool } from '../../processes/pool/create-reader-pool.ts';
import { ReadQueueFull } from '../../processes/pool/errors.ts';
import { AwsError } from '../aws/aws-error.ts';
import type { CommandFilters, CommandHistory, Scope } from '../aws/command-history.ts';
import { invalidNextToken } from '../aws/next-token.ts';
import { commandRecord } from './command-record.ts';
import { invocationRecord } from './invocation-record.ts';
import { type ContentOf, invocationResult } from './invocation-result.ts';
import { streamContent } from './stream-content.ts';

/** The order of the AWS endpoint's lists. */
const LISTED = { sort: 'requestedAt', isDescending: true, asOf: undefined } as const;
/** No stream shows more of an output. */
const MOST_BYTES = Math.max(...Object.values(CONTENT_LIMIT_BYTES));

export interface ArchiveHistoryDeps {
  archive: ArchiveDb;
  readers: Pick<ReaderPool, 'read'>;
  now: Now;
  settlingMs: number;
  readDeadlineMs: number;
}

/**
 * The history of the AWS endpoint, read from the archive: commands of any age, and how much of the requested span is
 * covered.
 */
export function createArchiveHistory(deps: ArchiveHistoryDeps): CommandHistory {
  const { archive, readers, now, settlingMs, readDeadlineMs } = deps;

  const coverageOf = (scope: Scope, asked: AskedSpan) =>
    formatCoverage(stateCoverage(archive.sqlite, scope, asked, { nowMs: now().getTime(), settlingMs }));

  const elsewhere = ({ caller = 'aws', signal }: Scope) => ({ caller, signal, deadlineMs: readDeadlineMs });

  return {
    async listInvocations(scope, { limit, cursor, commandId, instanceId, filters, details }) {
      const coverage = coverageOf(scope, spanOf(filters, commandId));
      const shared = searchOf(filters);
      if (!shared) return { items: [], coverage };
      const search: InvocationSearch = {
        ...{ accountId: scope.accountId, region: scope.region, commandId, instanceId, limit, withPlugins: details },
        ...shared,
        after: cursor === undefined ? undefined : invocationPosition(cursor),
      };
      const here = isBoundedSearch(search) ? findInvocations(archive.sqlite, search) : undefined;
      const isWhole = here && isWholeHere(archive.sqlite, { ...LISTED, filter: shared }, here.next);
      const { items, next } = isWhole
        ? here
        : await busyAsThrottling(readers.read('findInvocations', search, elsewhere(scope)));
      return { items: items.map(invocationRecord), ...(next && { nextCursor: JSON.stringify(next) }), coverage };
    },

    async listCommands(scope, { limit, cursor, commandId, instanceId, filters, executionStages }) {
      const coverage = coverageOf(scope, { ...spanOf(filters, commandId), ofCommands: true });
      const shared = searchOf(filters);
      const [stage, ...otherStages] = new Set(executionStages);
      if (!shared || otherStages.length > 0) return { items: [], coverage };
      const search: CommandSearch = {
        ...{ accountId: scope.accountId, region: scope.region, commandId, instanceId, limit },
        ...shared,
        isFinal: stage && stage === 'Complete',
        after: cursor === undefined ? undefined : commandPosition(cursor),
      };
      // Sealed invocations of a node name commands too.
      const isInFile = instanceId === undefined || !hasSealedDays(archive.sqlite);
      const { items, next } =
        isInFile && isBoundedCommandSearch(search)
          ? findCommands(archive.sqlite, search)
          : await busyAsThrottling(readers.read('findCommands', search, elsewhere(scope)));
      return { items: items.map(commandRecord), ...(next && { nextCursor: JSON.stringify(next) }), coverage };
    },

    async getInvocation(scope, { commandId, instanceId, pluginName }) {
      const { accountId, region } = scope;
      const key = { accountId, region, commandId, instanceId };
      const here = findInvocation(archive.sqlite, key);
      if (here) return invocationResult(here, pluginName, contentOf(archive, here.id));
      const found = isHere(archive.sqlite, key)
        ? undefined
        : await busyAsThrottling(readers.read('findAnyInvocation', { key, bytes: MOST_BYTES }, elsewhere(scope)));
      if (found) return invocationResult(found.invocation, pluginName, contentOfSealed(found.outputs));
      const error = new AwsError('InvocationDoesNotExist');
      error.coverage = coverageOf({ accountId, region }, { commandId });
      throw error;
    },
  };
}

/** What is known of the outputs of an invocation's steps beyond what was listed. */
function contentOf({ sqlite }: ArchiveDb, invocationId: number): ContentOf {
  const fetched = listFullOutputs(sqlite, invocationId);
  return (step, stream, listed) =>
    streamContent(
      (output, bytes) => readBeginning(sqlite, output, bytes),
      fetched.filter(({ position, name }) => position === step.position && name === step.name),
      stream,
      listed,
    );
}

/** Likewise of an invocation of a sealed day, of whose outputs the reading process has sent the beginnings. */
function contentOfSealed(outputs: readonly BegunOutput[]): ContentOf {
  const fetched = outputs.map(({ output }) => output);
  return (step, stream, listed) =>
    streamContent(
      ({ seq }) => {
        const beginning = outputs.find(({ output }) => output.seq === seq)?.beginning;
        return typeof beginning === 'string' ? Buffer.from(beginning, 'base64') : undefined;
      },
      fetched.filter(({ position, name }) => position === step.position && name === step.name),
      stream,
      listed,
    );
}

function spanOf({ invokedAfterMs, invokedBeforeMs }: CommandFilters, commandId: string | undefined): AskedSpan {
  return { fromMs: invokedAfterMs, toMs: invokedBeforeMs, commandId };
}

const FIRST_MS = Date.parse('0000-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Returns undefined if two different documents are given: an item must match both, so nothing can match. */
function searchOf({ documentNames, statuses, invokedAfterMs, invokedBeforeMs }: CommandFilters) {
  const [documentName, ...otherNames] = new Set(documentNames);
  if (otherNames.length > 0) return undefined;
  return {
    documentName,
    statuses: statuses.map(statusesFoundBy),
    ...(invokedAfterMs !== undefined && { requestedAfter: isoWithin(invokedAfterMs) }),
    ...(invokedBeforeMs !== undefined && { requestedBefore: isoWithin(invokedBeforeMs) }),
  };
}

/** Times are compared as text, so their years must have four digits. */
function isoWithin(ms: number): string {
  return isoFromMs(Math.min(Math.max(ms, FIRST_MS), LAST_MS));
}

function invocationPosition(cursor: string): InvocationPosition {
  const [requestedAt, commandId, instanceId] = membersOf(cursor);
  if (typeof commandId !== 'string' || typeof instanceId !== 'string') throw invalidNextToken();
  return [timeOf(requestedAt), commandId, instanceId];
}

function commandPosition(cursor: string): CommandPosition {
  const [requestedAt, commandId] = membersOf(cursor);
  if (typeof commandId !== 'string') throw invalidNextToken();
  return [timeOf(requestedAt), commandId];
}

function timeOf(value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  throw invalidNextToken();
}

/**
 * The digest of the cursor was checked before, so reading its members fails only for a token that another version of
 * ssm-archive made.
 */
function membersOf(cursor: string): unknown[] {
  try {
    const members: unknown = JSON.parse(cursor);
    if (Array.isArray(members)) return members;
  } catch {
    // The cursor is not JSON. It is refused below, like any other bad cursor.
  }
  throw invalidNextToken();
}

/**
 * Reports a full read queue as AWS's own throttling error, because AWS's clients slow down and retry only after that
 * error.
 */
async function busyAsThrottling<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ReadQueueFull) throw new AwsError('ThrottlingException', 'Rate exceeded');
    throw error;
  }
}
