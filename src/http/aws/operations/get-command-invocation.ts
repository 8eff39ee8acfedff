import { z } from 'zod';
import { AwsError } from '../aws-error.ts';
import { COMMAND_ID, INSTANCE_ID, type MemberConstraints } from '../input/constraints.ts';
import { text } from '../input/input-members.ts';
import { parseInput } from '../input/parse-input.ts';
import type { Operation } from './operation.ts';

const Input = z.object({ CommandId: text, InstanceId: text, PluginName: text });
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CONSTRAINTS: MemberConstraints = {
  CommandId: { ...COMMAND_ID, required: true },
  InstanceId: { ...INSTANCE_ID, required: true },
  PluginName: { kind: 'string', min: 4 },
};

/** GetCommandInvocation: one step of a command on one node. */
export const getCommandInvocation: Operation = {
  name: 'GetCommandInvocation',
  run: async ({ history, scope }, body) => {
    const { CommandId = '', InstanceId = '', PluginName } = parseInput(body, Input, CONSTRAINTS);
    if (!UUID.test(CommandId)) throw new AwsError('InvalidCommandId');
    const reply = await history.getInvocation(scope, {
      commandId: CommandId,
      instanceId: InstanceId,
      ...(PluginName !== undefined && { pluginName: PluginName }),
    });
    return { reply, items: 1 };
  },
};
