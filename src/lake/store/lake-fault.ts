import { UserFault } from '../../lib/errors/user-fault.ts';

/** The lake can't be used as it is. The message says what is wrong with which object or place, and what to do. */
export class LakeFault extends UserFault {
  override name = 'LakeFault';
}

/** An object of the lake is missing, or is another one than the ledger names. */
export class LakeObjectWrong extends LakeFault {
  override name = 'LakeObjectWrong';
  readonly key: string;
  /** The key and what is wrong with the object, without the place of the lake. */
  readonly what: string;

  constructor({ store, key, what }: { store: string; key: string; what: string }) {
    super(
      `The lake ${store}: ${key} ${what}. Bring it back from a copy of the lake; "ssm-archive verify --lake" says what else of the lake is not as the ledger says.`,
    );
    this.key = key;
    this.what = `${key} ${what}`;
  }
}
