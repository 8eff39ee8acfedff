import { UserFault } from '../lib/errors/user-fault.ts';

/** A fault in the configuration: the key as the user wrote it, and what is wrong. */
export interface ConfigFault {
  key: string;
  problem: string;
  /** The place in the file of settings, such as `archive.yaml, line 3`; undefined for a fault outside a file. */
  where?: string;
  /** Lines of the file around the place of the fault, to be printed below the problem. */
  shown?: readonly string[];
}

/** All faults of the configuration at once, one per line. */
export class ConfigInvalid extends UserFault {
  override name = 'ConfigInvalid';
  readonly faults: ConfigFault[];

  constructor(faults: ConfigFault[]) {
    const lines = faults.flatMap(({ key, problem, where, shown = [] }) => [
      `  ${key}: ${problem}${where === undefined ? '' : ` (${where})`}`,
      ...shown.map((line) => `    ${line}`),
    ]);
    super(['The configuration has faults:', ...lines], { exitCode: 2 });
    this.faults = faults;
  }
}
