/** An account and a region: where an invocation belongs. */
export interface SourceKey {
  accountId: string;
  region: string;
}

/** An output's text as SQLite can hold it (a lone surrogate becomes U+FFFD) and the SHA-256 of its UTF-8 bytes. */
export interface NormalizedOutput {
  text: string;
  sha256: Buffer;
}

/** A step of an invocation in the archive's columns. Absent members are null; `""` stays `""`. Times are ISO text. */
export interface NormalizedPlugin {
  name: string | null;
  status: string | null;
  statusDetails: string | null;
  responseCode: number | null;
  startedAt: string | null;
  finishedAt: string | null;
  output: NormalizedOutput | null;
  standardOutputUrl: string | null;
  standardErrorUrl: string | null;
  outputS3Region: string | null;
  outputS3BucketName: string | null;
  outputS3KeyPrefix: string | null;
}

/** An invocation in the archive's columns, its steps in the service's order, and its whole state as canonical JSON. */
export interface NormalizedInvocation {
  instanceName: string | null;
  comment: string | null;
  documentName: string | null;
  documentVersion: string | null;
  requestedAt: string | null;
  status: string | null;
  statusDetails: string | null;
  traceOutput: string | null;
  standardOutputUrl: string | null;
  standardErrorUrl: string | null;
  serviceRole: string | null;
  notificationArn: string | null;
  notificationEventsJson: string | null;
  notificationType: string | null;
  cloudwatchLogGroup: string | null;
  isCloudwatchOutputEnabled: 0 | 1 | null;
  plugins: NormalizedPlugin[];
  /** RFC 8785 JSON of all that the service sent, each step's Output as `{"sha256": "<hex>"}`. */
  stateJson: string;
}

/**
 * One invocation as one reply showed it. Most of a listing has been seen before, so `fingerprint` (16 bytes, over the
 * reply's own form) is made at once and `normalize` only runs for what differs.
 */
export interface ObservedInvocation {
  commandId: string;
  instanceId: string;
  fingerprint: Buffer;
  normalize(): NormalizedInvocation;
}
