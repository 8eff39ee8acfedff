import { z } from 'zod';
import type { CommandSender } from '../../model/command-sender.ts';
import { parseTime } from '../../questions/time/parse-time.ts';

const text = z.string().nullish().catch(null);

const sentForm = z.object({
  eventSource: z.literal('ssm.amazonaws.com'),
  eventName: z.literal('SendCommand'),
  errorCode: z.undefined().or(z.null()).optional(),
});

const eventForm = z.object({
  eventID: z.string().min(1),
  eventTime: z.string(),
  awsRegion: z.string().min(1),
  recipientAccountId: text,
  sourceIPAddress: text,
  userAgent: text,
  responseElements: z.object({ command: z.object({ commandId: z.string().min(1) }) }),
  userIdentity: z.object({
    type: text,
    arn: text,
    principalId: text,
    accountId: text,
    invokedBy: text,
    sessionContext: z
      .object({
        sessionIssuer: z.object({ arn: text }).nullish().catch(null),
        attributes: z.object({ mfaAuthenticated: text }).nullish().catch(null),
      })
      .nullish()
      .catch(null),
  }),
});

/**
 * Returns the sender that a CloudTrail event (record format 1.0x) names. Returns undefined for a call other than
 * SendCommand and for a call that was refused. Returns 'unreadable' if the event names no command id: CloudTrail leaves
 * out replies that are too long for it.
 */
export function readSender(event: unknown): CommandSender | 'unreadable' | undefined {
  if (!sentForm.safeParse(event).success) return undefined;
  const { data } = eventForm.safeParse(event);
  const eventAt = data && parseTime(data.eventTime);
  const accountId = data?.recipientAccountId ?? data?.userIdentity.accountId;
  if (!data || eventAt === undefined || !accountId) return 'unreadable';
  const { type, arn, principalId, invokedBy, sessionContext } = data.userIdentity;
  return {
    ...{ accountId, region: data.awsRegion, commandId: data.responseElements.command.commandId },
    ...{ eventId: data.eventID, eventAt },
    principalType: type ?? null,
    principalArn: arn ?? null,
    principalId: principalId ?? null,
    sessionIssuerArn: sessionContext?.sessionIssuer?.arn ?? null,
    invokedBy: invokedBy ?? null,
    sourceIpAddress: data.sourceIPAddress ?? null,
    userAgent: data.userAgent ?? null,
    isMfaAuthenticated: flagOf(sessionContext?.attributes?.mfaAuthenticated),
  };
}

/** CloudTrail writes this number as a text. */
function flagOf(value: string | null | undefined): 0 | 1 | null {
  if (value === 'true') return 1;
  return value === 'false' ? 0 : null;
}
