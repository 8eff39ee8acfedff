import type { StoredInvocation } from '../../archive/invocations/find-invocations.ts';
import { INVOCATION_MEMBERS, STEP_MEMBERS } from '../../model/members.ts';
import type { CommandInvocationRecord } from '../aws/records.ts';
import { createRecordMaker } from './create-record-maker.ts';

const recordOf = createRecordMaker(INVOCATION_MEMBERS);
const stepOf = createRecordMaker(STEP_MEMBERS);

/** An invocation as AWS wrote it: members that AWS left out are absent, members that AWS left empty are empty. */
export function invocationRecord(row: StoredInvocation): CommandInvocationRecord {
  const members = { CommandPlugins: row.plugins.map((step) => stepOf(step)) };
  return { CommandId: row.commandId, InstanceId: row.instanceId, ...recordOf(row, { before: 'ServiceRole', members }) };
}
