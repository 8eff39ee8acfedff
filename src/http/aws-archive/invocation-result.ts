import type { StoredInvocation } from '../../archive/invocations/find-invocations.ts';
import type { Stream } from '../../model/outputs/full-output.ts';
import { chooseStep } from '../aws/choose-step.ts';
import { isoDuration } from '../aws/iso-duration.ts';
import type { CloudWatchOutputConfigRecord, InvocationResultRecord } from '../aws/records.ts';
import { present } from './member.ts';

/**
 * The agent writes this line between the two streams of a step. ListCommandInvocations shows both streams as one text.
 */
const SEPARATOR = '\n----------ERROR-------\n';

/** Returns the content of a step's stream, of which ListCommandInvocations shows `listed`. */
export type ContentOf = (step: { position: number; name: string | null }, stream: Stream, listed: string) => string;

/**
 * Returns one step in the form of GetCommandInvocation, made from the reply of ListCommandInvocations. That reply has
 * at most 2,500 bytes of an output; it is split into its two streams again, and `contentOf` may know more of them.
 * Throws InvalidPluginName if there is no such step.
 */
export function invocationResult(
  row: StoredInvocation,
  pluginName: string | undefined,
  contentOf: ContentOf,
): InvocationResultRecord {
  const names = row.plugins.map(({ name }) => name ?? undefined);
  // If the node refused the invocation, there are no steps: the invocation itself is then shown as one.
  const index = row.plugins.length === 0 ? -1 : chooseStep(names, pluginName);
  const step = row.plugins[index];
  const startedAt = timeOf(step?.startedAt);
  const finishedAt = timeOf(step?.finishedAt);
  const [stdout, stderr] = streamsOf(step?.output ?? '');
  const content = (stream: Stream, listed: string) =>
    step ? contentOf({ position: index, name: step.name }, stream, listed) : listed;
  return {
    CommandId: row.commandId,
    InstanceId: row.instanceId,
    PluginName: step?.name ?? pluginName ?? '',
    ResponseCode: step?.responseCode ?? -1,
    ExecutionStartDateTime: startedAt ?? '',
    ExecutionElapsedTime: startedAt && finishedAt ? elapsed(startedAt, finishedAt) : '',
    ExecutionEndDateTime: (startedAt && finishedAt) ?? '',
    StandardOutputContent: content('stdout', stdout),
    StandardErrorContent: content('stderr', stderr),
    ...present({
      Comment: row.comment,
      DocumentName: row.documentName,
      DocumentVersion: row.documentVersion,
      Status: step ? step.status : row.status,
      StatusDetails: step ? step.statusDetails : row.statusDetails,
      StandardOutputUrl: step ? step.standardOutputUrl : row.standardOutputUrl,
      StandardErrorUrl: step ? step.standardErrorUrl : row.standardErrorUrl,
    }),
    ...cloudWatchMember(row.cloudwatchLogGroup, row.isCloudwatchOutputEnabled),
  };
}

/** If an event has not happened, AWS sends its zero time, or another time before 1970. */
function timeOf(iso: string | null | undefined): string | undefined {
  return iso && iso > '1970-01-01T00:00:00.000Z' ? iso : undefined;
}

/** Returns an empty text if the node's clock was set back while the step ran: nobody then knows how long it took. */
function elapsed(startedAt: string, finishedAt: string): string {
  const ms = Date.parse(finishedAt) - Date.parse(startedAt);
  return ms < 0 ? '' : isoDuration(ms);
}

function streamsOf(output: string): [stdout: string, stderr: string] {
  const at = output.indexOf(SEPARATOR);
  return at < 0 ? [output, ''] : [output.slice(0, at), output.slice(at + SEPARATOR.length)];
}

/** Makes CloudWatchOutputConfig from its columns, or leaves the member out if AWS sent neither value. */
function cloudWatchMember(
  logGroup: string | null,
  isEnabled: number | null,
): { CloudWatchOutputConfig?: CloudWatchOutputConfigRecord } {
  if (logGroup === null && isEnabled === null) return {};
  return {
    CloudWatchOutputConfig: present({
      CloudWatchLogGroupName: logGroup,
      CloudWatchOutputEnabled: isEnabled === null ? null : isEnabled === 1,
    }),
  };
}
