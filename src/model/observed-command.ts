/** A command in the archive's columns. Absent members are null; `""` stays `""`. Times are ISO text. */
export interface NormalizedCommand {
  documentName: string | null;
  documentVersion: string | null;
  comment: string | null;
  requestedAt: string | null;
  status: string | null;
  statusDetails: string | null;
  parametersJson: string | null;
  instanceIdsJson: string | null;
  targetsJson: string | null;
  targetCount: number | null;
  completedCount: number | null;
  errorCount: number | null;
  deliveryTimedOutCount: number | null;
  maxConcurrency: string | null;
  maxErrors: string | null;
  timeoutSeconds: number | null;
  expiresAt: string | null;
  outputS3Region: string | null;
  outputS3BucketName: string | null;
  outputS3KeyPrefix: string | null;
  serviceRole: string | null;
  notificationArn: string | null;
  notificationEventsJson: string | null;
  notificationType: string | null;
  cloudwatchLogGroup: string | null;
  isCloudwatchOutputEnabled: 0 | 1 | null;
  /** The members that have no column, as one object; null where there are none. */
  otherMembersJson: string | null;
}

/** A command as one reply showed it. */
export interface ObservedCommand {
  commandId: string;
  requestedAt: string | null;
  /** The service's own words on how far it is: to be compared, and not read. */
  countsJson: string;
  /** 16 bytes over the reply's own form. */
  fingerprint: Buffer;
  columns: NormalizedCommand;
}
