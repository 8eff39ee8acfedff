import { UserFault } from '../../lib/errors/user-fault.ts';

const WHAT = {
  invocations: 'the archive has nothing of what was asked for',
  result: 'the query has no rows',
} as const;

/** Thrown if a pack would be empty and empty packs were not allowed. */
export class EvidenceEmpty extends UserFault {
  override name = 'EvidenceEmpty';
  readonly of: keyof typeof WHAT;

  /** `looked`: sentences that say in which span the archive looked, and whether the span is covered. */
  constructor(of: keyof typeof WHAT, looked: readonly string[] = []) {
    super([
      `No pack was made: ${WHAT[of]}. Check the names and times that were given. With --allow-empty an empty pack is made, which proves an absence only where coverage is complete.`,
      ...looked,
    ]);
    this.of = of;
  }

  /** The message for a client of the server, which has other names for options. */
  get detail(): string {
    return this.lines.join(' ').replace('--allow-empty', 'allowEmpty=true');
  }
}
