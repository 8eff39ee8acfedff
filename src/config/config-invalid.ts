import { UserFault } from '../lib/user-fault.ts';

/** A fault of the configuration: the key as its reader wrote it, and what is wrong with it. */
export interface ConfigFault {
  key: string;
  problem: string;
}

/** All faults of the configuration at once, one a line. */
export class ConfigInvalid extends UserFault {
  override name = 'ConfigInvalid';
  readonly faults: ConfigFault[];

  constructor(faults: ConfigFault[]) {
    super(`The configuration has faults:\n${faults.map((f) => `  ${f.key}: ${f.problem}`).join('\n')}`, {
      exitCode: 2,
    });
    this.faults = faults;
  }
}
