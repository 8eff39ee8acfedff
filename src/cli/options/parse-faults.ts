import { UserFault } from '../../lib/errors/user-fault.ts';
import { nearNames, proposalOf } from '../../lib/words/near-names.ts';
import { noFaults, REQUEST_FAULTS, type RequestFaults, type SimulatorFaults } from '../../simulator/faults.ts';

/**
 * Reads `name=value` pairs as faults of the simulator. Each value is read as the type of its fault. A name of the form
 * `GetObject.throttleRate` sets the fault for one operation.
 */
export function parseFaults(pairs: readonly string[]): Partial<SimulatorFaults> {
  const defaults: Readonly<Record<string, unknown>> = { ...noFaults() };
  const faults: Record<string, unknown> = {};
  const byOperation: Record<string, Partial<RequestFaults>> = {};
  for (const pair of pairs) {
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const [operation = '', fault] = name.split('.');
    if (fault !== undefined) {
      const known = REQUEST_FAULTS.find((one) => one === fault) ?? refuseName(fault, REQUEST_FAULTS);
      byOperation[operation] = { ...byOperation[operation], [known]: numberOf(name, value) };
      continue;
    }
    const names = Object.keys(defaults).filter((one) => one !== 'byOperation');
    if (!names.includes(name)) refuseName(name, names);
    const like = defaults[name];
    faults[name] = Array.isArray(like)
      ? value.split(',')
      : typeof like === 'boolean'
        ? value !== 'false'
        : numberOf(name, value);
  }
  return { ...faults, byOperation };
}

function refuseName(name: string, names: readonly string[]): never {
  const near = proposalOf(nearNames(name, names));
  throw new UserFault(`There is no fault "${name}".${near} The faults are: ${names.join(', ')}.`, { exitCode: 2 });
}

function numberOf(name: string, value: string): number {
  if (value !== '' && Number.isFinite(Number(value))) return Number(value);
  throw new UserFault(`--fault ${name} needs a number, not "${value}".`, { exitCode: 2 });
}
