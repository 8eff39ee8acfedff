import { UserFault } from '../../lib/errors/user-fault.ts';

/** A question asks for days that are in the lake, and no lake is configured. */
export class LakeNeeded extends UserFault {
  override name = 'LakeNeeded';

  constructor(floor: string) {
    super(
      `The days before ${floor} are sealed, and this question needs them from the lake. Set the lake in the configuration (SSM_ARCHIVE_LAKE), or ask for a span that begins at ${floor} or later.`,
    );
  }
}
