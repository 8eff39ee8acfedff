import { indexOutputs } from '../../src/archive/record/index-outputs.ts';
import { createSingleReplyRecorder } from '../../src/archive/record/record-replies.ts';
import { createSenderRecorder } from '../../src/archive/record/record-senders.ts';
import type { ArchiveDb } from '../../src/db/open.ts';
import { FILTERS } from '../../src/questions/filters.ts';
import { type Members, page, rawInvocation, rawPlugin } from '../archive/raw-invocation.ts';

const secondsOf = (time: string) => Date.parse(time) / 1000;
const SOURCE = { accountId: FILTERS.account.example, region: FILTERS.region.example };
const OTHER = { accountId: '444455556666', region: 'us-east-1' };

/** The invocation that the example of each filter finds. */
const ASKED: Members = {
  CommandId: FILTERS.commandId.example,
  InstanceId: FILTERS.instanceId.example,
  InstanceName: 'web-1',
  Comment: `see ${FILTERS.comment.example}`,
  DocumentName: FILTERS.documentName.example,
  RequestedDateTime: secondsOf('2026-03-15T00:00:00Z'),
  Status: 'Failed',
  StatusDetails: 'Failed',
  CommandPlugins: [rawPlugin({ Name: FILTERS.pluginName.example, ResponseCode: 1, Output: 'no space left' })],
};

function other(day: string): Members {
  return {
    ...{ CommandId: day, InstanceId: day, InstanceName: 'db-1', Comment: 'none', DocumentName: 'Other' },
    ...{ RequestedDateTime: secondsOf(day), CommandPlugins: [rawPlugin({ Name: 'other' })] },
  };
}

const SEEN = [
  { raw: ASKED, source: SOURCE, observedAt: '2026-03-15T10:00:00.000Z' },
  { raw: other('2026-02-01'), source: OTHER, observedAt: '2026-02-01T10:00:00.000Z' },
  { raw: other('2026-05-01'), source: OTHER, observedAt: '2026-05-01T10:00:00.000Z' },
];

/** Records three invocations. The example of each filter finds the first of them, and never all of them. */
export async function recordAsked({ sqlite }: ArchiveDb): Promise<void> {
  const record = createSingleReplyRecorder(sqlite);
  for (const { raw, source, observedAt } of SEEN) record(page([rawInvocation(raw)], { source, observedAt }));
  await indexOutputs(sqlite);
  createSenderRecorder(sqlite)([
    {
      ...{ ...SOURCE, commandId: FILTERS.commandId.example, eventId: 'e', eventAt: '2026-03-15T00:00:00.000Z' },
      ...{ principalType: 'AssumedRole', principalId: null, sessionIssuerArn: null, invokedBy: null },
      ...{ principalArn: FILTERS.sender.example, sourceIpAddress: null, userAgent: null, isMfaAuthenticated: null },
    },
  ]);
}

/** Gives each of the three invocations another state at this time, in which no filter finds it by its own members. */
export function changeAsked({ sqlite }: ArchiveDb, observedAt: string): void {
  const record = createSingleReplyRecorder(sqlite);
  const members = { DocumentName: 'Later', InstanceName: 'later', Comment: 'later', Status: 'Cancelled' };
  for (const { raw, source } of SEEN)
    record(page([rawInvocation({ ...raw, ...members, CommandPlugins: [] })], { source, observedAt }));
}
