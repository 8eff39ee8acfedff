import { SealedUnreadable } from './sealed-unreadable.ts';

/** A day was sealed again, or unsealed, after the transaction began that asks for its rows. */
export class SealedAgain extends SealedUnreadable {
  override name = 'SealedAgain';

  constructor(day: string) {
    super(`${day} was sealed again while its rows were read. Ask again when no seal is under way.`);
  }
}
