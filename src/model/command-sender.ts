/** Who sent a command, according to CloudTrail; a member is null if the event does not have it. */
export interface CommandSender {
  accountId: string;
  region: string;
  commandId: string;
  eventId: string;
  /** When the command was sent: ISO 8601 UTC text with milliseconds. */
  eventAt: string;
  principalType: string | null;
  principalArn: string | null;
  principalId: string | null;
  sessionIssuerArn: string | null;
  invokedBy: string | null;
  sourceIpAddress: string | null;
  userAgent: string | null;
  isMfaAuthenticated: 0 | 1 | null;
}
