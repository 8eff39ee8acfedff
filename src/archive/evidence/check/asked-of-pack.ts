import { z } from 'zod';
import { REDACTABLE_MEMBERS, type RedactableMember } from '../../../ledger/entries/redactable-members.ts';
import { parsed } from './parsed.ts';

const Manifest = z.looseObject({
  question: z.looseObject({
    withoutOutputs: z.boolean().optional(),
    redacted: z.array(z.string()).default([]),
  }),
});

/** What a pack leaves out on purpose. */
export interface AskedOfPack {
  /** Whether the texts of outputs are left out. */
  withoutOutputs: boolean;
  redacted: readonly RedactableMember[];
}

/**
 * Returns what a manifest says that the pack leaves out. If it does not say whether the texts of outputs are in the
 * pack, they are if there are files of them.
 */
export function askedOfPack(manifest: string, hasOutputs: boolean): AskedOfPack {
  const question = Manifest.safeParse(parsed(manifest)).data?.question;
  const redacted = REDACTABLE_MEMBERS.filter((member) => question?.redacted.includes(member));
  return { withoutOutputs: redacted.includes('Output') || (question?.withoutOutputs ?? !hasOutputs), redacted };
}
