import { UserFault } from '../../lib/errors/user-fault.ts';

/** The lake can't be used as it is. The message says what is wrong with which object or place, and what to do. */
export class LakeFault extends UserFault {
  override name = 'LakeFault';
}
