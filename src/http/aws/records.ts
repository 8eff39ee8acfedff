// Replies as they go over the wire: AWS's member names, times as epoch seconds (fractions are milliseconds), enums as open
// text. A member that is absent stays absent, and "" stays "". Source: the service's API model of 2014-11-06.

export interface NotificationConfigRecord {
  readonly NotificationArn?: string;
  readonly NotificationEvents?: readonly string[];
  readonly NotificationType?: string;
}

export interface CloudWatchOutputConfigRecord {
  readonly CloudWatchLogGroupName?: string;
  readonly CloudWatchOutputEnabled?: boolean;
}

export interface CommandPluginRecord {
  readonly Name?: string;
  readonly Status?: string;
  readonly StatusDetails?: string;
  readonly ResponseCode?: number;
  readonly ResponseStartDateTime?: number;
  readonly ResponseFinishDateTime?: number;
  readonly Output?: string;
  readonly StandardOutputUrl?: string;
  readonly StandardErrorUrl?: string;
  readonly OutputS3Region?: string;
  readonly OutputS3BucketName?: string;
  readonly OutputS3KeyPrefix?: string;
}

export interface CommandInvocationRecord {
  readonly CommandId: string;
  readonly InstanceId: string;
  readonly InstanceName?: string;
  readonly Comment?: string;
  readonly DocumentName?: string;
  readonly DocumentVersion?: string;
  readonly RequestedDateTime?: number;
  readonly Status?: string;
  readonly StatusDetails?: string;
  readonly TraceOutput?: string;
  readonly StandardOutputUrl?: string;
  readonly StandardErrorUrl?: string;
  readonly CommandPlugins?: readonly CommandPluginRecord[];
  readonly ServiceRole?: string;
  readonly NotificationConfig?: NotificationConfigRecord;
  readonly CloudWatchOutputConfig?: CloudWatchOutputConfigRecord;
}

export interface TargetRecord {
  readonly Key?: string;
  readonly Values?: readonly string[];
}

export interface CommandRecord {
  readonly CommandId: string;
  readonly DocumentName?: string;
  readonly DocumentVersion?: string;
  readonly Comment?: string;
  readonly ExpiresAfter?: number;
  readonly Parameters?: Readonly<Record<string, readonly string[]>>;
  readonly InstanceIds?: readonly string[];
  readonly Targets?: readonly TargetRecord[];
  readonly RequestedDateTime?: number;
  readonly Status?: string;
  readonly StatusDetails?: string;
  readonly OutputS3Region?: string;
  readonly OutputS3BucketName?: string;
  readonly OutputS3KeyPrefix?: string;
  readonly MaxConcurrency?: string;
  readonly MaxErrors?: string;
  readonly TargetCount?: number;
  readonly CompletedCount?: number;
  readonly ErrorCount?: number;
  readonly DeliveryTimedOutCount?: number;
  readonly ServiceRole?: string;
  readonly NotificationConfig?: NotificationConfigRecord;
  readonly CloudWatchOutputConfig?: CloudWatchOutputConfigRecord;
  readonly TimeoutSeconds?: number;
}

/** The reply of GetCommandInvocation: one step, its times as ISO 8601 strings, `""` before it starts. */
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
