import { UserFault } from '../../../lib/errors/user-fault.ts';
import { sayUnseen } from '../../../questions/say-unseen.ts';
import type { NeverSeen } from '../../values/find-never-seen.ts';

/** A value that the archive has never seen, from a filter of the pack or a parameter of its report. */
export type AskedUnseen = NeverSeen & { parameter?: string | undefined };

/**
 * Thrown if a pack would be about a value that the archive has never seen, unless that is allowed: the value may be
 * misspelt.
 */
export class EvidenceUnseen extends UserFault {
  override name = 'EvidenceUnseen';
  readonly neverSeen: readonly AskedUnseen[];

  constructor(neverSeen: readonly AskedUnseen[]) {
    super(
      neverSeen.map((value) => sayUnseen(value.parameter ?? value.filter, value)),
      { exitCode: 2 },
    );
    this.neverSeen = neverSeen;
  }

  /** The message for a client of the server. */
  get detail(): string {
    return `No pack was made: ${this.lines.join(' ')} Use allowUnseen=true to ask for it anyway. Add allowEmpty=true to get a pack even if it is empty.`;
  }
}
