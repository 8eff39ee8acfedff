import { z } from 'zod';
import { canonicalJson } from '../lib/canonical-json.ts';
import { isoFromMs } from '../lib/time.ts';
import { ReplyUnreadable } from './errors.ts';

const commandForm = z.object({
  CommandId: z.string().min(1),
  RequestedDateTime: z.number().nullish().catch(null),
  Status: z.unknown().optional(),
  StatusDetails: z.unknown().optional(),
  TargetCount: z.unknown().optional(),
  CompletedCount: z.unknown().optional(),
  ErrorCount: z.unknown().optional(),
  DeliveryTimedOutCount: z.unknown().optional(),
});

/** One element of Commands: its id, when it was sent, and its status and counts as JSON, to be compared. */
export function observeCommand(raw: unknown): { commandId: string; requestedAt: string | null; countsJson: string } {
  const parsed = commandForm.safeParse(raw);
  if (!parsed.success) throw new ReplyUnreadable('The reply holds a command without a CommandId.');
  const { CommandId, RequestedDateTime, ...counts } = parsed.data;
  const requestedMs = Math.round((RequestedDateTime ?? Number.NaN) * 1000);
  return {
    commandId: CommandId,
    requestedAt: Math.abs(requestedMs) <= 8.64e15 ? isoFromMs(requestedMs) : null,
    countsJson: canonicalJson(counts),
  };
}
