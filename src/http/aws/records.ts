import type { COMMAND_MEMBERS, INVOCATION_MEMBERS, STEP_MEMBERS } from '../../model/members.ts';
import type { MemberRecord } from './member-record.ts';

// The form of replies. Most members come from the lists in model/members.ts, which test/model/members.test.ts compares
// with the SDK. The source of all other members is AWS's API model of 2014-11-06.

export interface CommandPluginRecord extends MemberRecord<typeof STEP_MEMBERS> {}

export interface CommandInvocationRecord extends MemberRecord<typeof INVOCATION_MEMBERS> {
  readonly CommandId: string;
  readonly InstanceId: string;
  readonly CommandPlugins?: readonly CommandPluginRecord[];
}

export type CloudWatchOutputConfigRecord = NonNullable<CommandInvocationRecord['CloudWatchOutputConfig']>;

export interface CommandRecord extends MemberRecord<typeof COMMAND_MEMBERS> {
  readonly CommandId: string;
}

/** The reply of GetCommandInvocation: one step. Its times are ISO 8601 strings, or `""` before the step starts. */
export interface InvocationResultRecord {
  readonly CommandId: string;
  readonly InstanceId: string;
  readonly Comment?: string;
  readonly DocumentName?: string;
  readonly DocumentVersion?: string;
  readonly PluginName?: string;
  readonly ResponseCode?: number;
  readonly ExecutionStartDateTime?: string;
  readonly ExecutionElapsedTime?: string;
  readonly ExecutionEndDateTime?: string;
  readonly Status?: string;
  readonly StatusDetails?: string;
  readonly StandardOutputContent?: string;
  readonly StandardOutputUrl?: string;
  readonly StandardErrorContent?: string;
  readonly StandardErrorUrl?: string;
  readonly CloudWatchOutputConfig?: CloudWatchOutputConfigRecord;
}
