import { z } from 'zod';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { sha256 } from '../../lib/sha256.ts';
import { normalizeCommand } from '../../model/normalize-command.ts';
import type { ObservedCommand } from '../../model/observed-command.ts';
import { asMembers } from '../../model/read-member.ts';
import { ReplyUnreadable } from '../errors.ts';

const commandForm = z.object({
  CommandId: z.string().min(1),
  Status: z.unknown().optional(),
  StatusDetails: z.unknown().optional(),
  TargetCount: z.unknown().optional(),
  CompletedCount: z.unknown().optional(),
  ErrorCount: z.unknown().optional(),
  DeliveryTimedOutCount: z.unknown().optional(),
});

const FINGERPRINT_BYTES = 16;

/**
 * Reads one element of Commands. Throws ReplyUnreadable if it has no CommandId, because it can't be stored without one.
 */
export function observeCommand(raw: unknown): ObservedCommand {
  const parsed = commandForm.safeParse(raw);
  const members = asMembers(raw);
  if (!parsed.success || !members) throw new ReplyUnreadable('The reply holds a command without a CommandId.');
  const { CommandId, ...counts } = parsed.data;
  const columns = normalizeCommand(members);
  return {
    commandId: CommandId.toWellFormed(),
    requestedAt: columns.requestedAt,
    countsJson: canonicalJson(counts),
    fingerprint: sha256(JSON.stringify(members)).subarray(0, FINGERPRINT_BYTES),
    columns,
    stateJson: canonicalJson(members),
  };
}
