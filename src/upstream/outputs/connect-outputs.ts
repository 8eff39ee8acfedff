import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { CallBounds } from '../calls/bound-call.ts';
import type { ClientSettings } from './client-settings.ts';
import { getInvocationOutput } from './get-invocation-output.ts';
import type { OutputSource } from './output-source.ts';
import { readLogStream } from './read-log-stream.ts';
import { createObjectReader } from './read-object.ts';

/** Connects the services that have outputs. Nothing is sent, and no client is made, before the first call. */
export function connectOutputs(
  ssm: SSMClient,
  settings: ClientSettings,
  region: string,
  bounds: CallBounds,
): OutputSource {
  const objects = createObjectReader(settings, region, bounds);
  let logs: CloudWatchLogsClient | undefined;
  return {
    getInvocationOutput: (step, reading) => getInvocationOutput(ssm, step, reading, bounds),
    readObject: (stored, reading) => objects.read(stored, reading),
    readLogStream(stored, reading) {
      logs ??= new CloudWatchLogsClient({ ...settings, region });
      return readLogStream(logs, { ...stored, region }, reading, bounds);
    },
    close() {
      objects.close();
      logs?.destroy();
    },
  };
}
