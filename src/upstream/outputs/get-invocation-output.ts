import { GetCommandInvocationCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { FetchedOutput, Stream } from '../../model/outputs/full-output.ts';
import { CONTENT_CUT, CONTENT_LIMIT_BYTES } from '../../model/step-content.ts';
import type { CallBounds } from '../calls/bound-call.ts';
import { ReplyUnreadable } from '../errors.ts';
import { countAttempts } from '../replies/count-attempts.ts';
import { cutBytes } from './cut-bytes.ts';
import type { OutputReading, StepToGet } from './output-source.ts';
import { sendBounded } from './send-bounded.ts';

/** Asks GetCommandInvocation for both streams of a step. */
export async function getInvocationOutput(
  ssm: SSMClient,
  { commandId, instanceId, pluginName }: StepToGet,
  { maxBytes, counts }: OutputReading,
  bounds: CallBounds,
): Promise<FetchedOutput[]> {
  const command = new GetCommandInvocationCommand({
    ...{ CommandId: commandId, InstanceId: instanceId },
    ...(pluginName !== undefined && { PluginName: pluginName }),
  });
  command.middlewareStack.use(countAttempts(counts));
  const reply = await sendBounded(
    bounds,
    { actions: ['ssm:GetCommandInvocation'], resources: ['*'] },
    async (abortSignal) => ssm.send(command, { abortSignal }),
  );
  if (reply.CommandId !== commandId || reply.InstanceId !== instanceId)
    throw new ReplyUnreadable('The reply to GetCommandInvocation is about another invocation.');
  return [
    outputOf('stdout', reply.StandardOutputContent, maxBytes),
    outputOf('stderr', reply.StandardErrorContent, maxBytes),
  ];
}

function outputOf(stream: Stream, content: unknown, maxBytes: number): FetchedOutput {
  if (typeof content !== 'string')
    throw new ReplyUnreadable(`The reply to GetCommandInvocation does not have the content of ${stream}.`);
  const whole = Buffer.from(content);
  const isCut = content.endsWith(CONTENT_CUT) && whole.length >= CONTENT_LIMIT_BYTES[stream] - CONTENT_CUT.length;
  const bytes = cutBytes(whole, maxBytes);
  if (bytes.length < whole.length)
    return { stream, bytes, totalBytes: isCut ? null : whole.length, cutBy: 'limit', location: null };
  return { stream, bytes, totalBytes: isCut ? null : bytes.length, cutBy: isCut ? 'service' : null, location: null };
}
