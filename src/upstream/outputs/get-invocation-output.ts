import { GetCommandInvocationCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { isFinal } from '../../model/final-status.ts';
import type { FetchedOutput, Stream } from '../../model/outputs/full-output.ts';
import { CONTENT_CUT, CONTENT_LIMIT_BYTES } from '../../model/step-content.ts';
import type { CallBounds } from '../calls/bound-call.ts';
import { ReplyUnreadable } from '../errors.ts';
import { countAttempts } from '../replies/count-attempts.ts';
import { cutBytes } from './cut-bytes.ts';
import type { OutputReading, StepToGet } from './output-source.ts';
import { sendBounded } from './send-bounded.ts';

/** How the names of plugins begin. */
const PLUGIN = 'aws:';

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
  if (isOfAnotherStep(reply.PluginName, pluginName))
    throw new ReplyUnreadable('The reply to GetCommandInvocation is about another step.');
  if (reply.Status !== undefined && !isFinal(reply.Status))
    throw new ReplyUnreadable(`The reply to GetCommandInvocation is of a step that has not ended (${reply.Status}).`);
  const outputs = [
    outputOf('stdout', reply.StandardOutputContent, maxBytes),
    outputOf('stderr', reply.StandardErrorContent, maxBytes),
  ];
  if (outputs.every(({ bytes }) => bytes.length === 0))
    throw new ReplyUnreadable('The reply to GetCommandInvocation shows nothing of a step that has printed something.');
  return outputs;
}

/** Only steps that have printed are asked for. The service may name the plugin in place of the step. */
function isOfAnotherStep(named: string | undefined, asked: string | undefined): boolean {
  if (!named || asked === undefined || named === asked) return false;
  return asked.startsWith(PLUGIN) || !named.startsWith(PLUGIN);
}

function outputOf(stream: Stream, content: unknown, maxBytes: number): FetchedOutput {
  if (typeof content !== 'string')
    throw new ReplyUnreadable(`The reply to GetCommandInvocation does not have the content of ${stream}.`);
  const whole = Buffer.from(content);
  const limit = CONTENT_LIMIT_BYTES[stream];
  // The agent counts bytes and leaves a mark. The service speaks of characters, so as many of them may have been cut too.
  const isCut = (content.endsWith(CONTENT_CUT) && whole.length >= limit) || [...content].length >= limit;
  const bytes = cutBytes(whole, maxBytes);
  if (bytes.length < whole.length)
    return { stream, bytes, totalBytes: isCut ? null : whole.length, cutBy: 'limit', location: null };
  return { stream, bytes, totalBytes: isCut ? null : bytes.length, cutBy: isCut ? 'service' : null, location: null };
}
