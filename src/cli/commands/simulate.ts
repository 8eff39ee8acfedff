import type { Command } from '@commander-js/extra-typings';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { nearNames, proposalOf } from '../../lib/words/near-names.ts';
import { noFaults, type SimulatorFaults } from '../../simulator/faults.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { stopSignal, type Terminal } from '../terminal.ts';

/** `simulate`: a synthetic Run Command service on a port of this machine. */
export function addSimulate(program: Command, terminal: Terminal): void {
  program
    .command('simulate')
    .description('run a synthetic Run Command service on this machine, for trials without an AWS account')
    .option('--port <number>', 'port on 127.0.0.1; 0 takes any', '8421')
    .option('--invocations <number>', 'invocations in 30 days, over the whole fleet', '5000')
    .option('--seed <text>', 'the same seed gives the same fleet', 'ssm-archive')
    .option(
      '--filter-time <which>',
      'the time that InvokedAfter and InvokedBefore compare: invocation or command',
      'invocation',
    )
    .option(
      '--forget-time <which>',
      'the time from which an invocation is shown for thirty days: invocation or command',
      'invocation',
    )
    .option('--fault <name=value...>', 'a fault to inject, such as throttleRate=0.1; see docs/simulator.md')
    .action(async (options) => {
      const { signal, isStopped } = stopSignal(terminal, 'Stopping.');
      const simulator = await startSimulator({
        port: wholeNumber('--port', options.port, 65_535),
        invocations: wholeNumber('--invocations', options.invocations, 10_000_000),
        seed: options.seed,
        filterTime: whoseTime('--filter-time', options.filterTime),
        forgetTime: whoseTime('--forget-time', options.forgetTime),
        faults: parseFaults(options.fault ?? []),
      }).catch((error: unknown) => {
        throw new UserFault(
          `The simulator can't listen on port ${options.port} (${String(error)}). Choose another with --port.`,
          { exitCode: 2 },
        );
      });
      terminal.out([
        `A synthetic Run Command service listens on ${simulator.url}. In another shell:`,
        `  export AWS_ENDPOINT_URL=${simulator.url} AWS_ACCESS_KEY_ID=111122223333 AWS_SECRET_ACCESS_KEY=any AWS_REGION=eu-west-1`,
        '  ssm-archive ingest',
      ]);
      if (!signal.aborted) await isStopped;
      await simulator.close();
    });
}

function whoseTime(option: string, text: string): 'invocation' | 'command' {
  if (text === 'invocation' || text === 'command') return text;
  const near = proposalOf(nearNames(text, ['invocation', 'command']));
  throw new UserFault(`${option} must be invocation or command, not "${text}".${near}`, { exitCode: 2 });
}

/** Reads `name=value` pairs as faults. Each value is read as the type of its fault. */
function parseFaults(pairs: string[]): Partial<SimulatorFaults> {
  const defaults: Readonly<Record<string, unknown>> = { ...noFaults() };
  const faults: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const like = defaults[name];
    if (like === undefined) {
      const near = proposalOf(nearNames(name, Object.keys(defaults)));
      throw new UserFault(`There is no fault "${name}".${near} The faults are: ${Object.keys(defaults).join(', ')}.`, {
        exitCode: 2,
      });
    }
    if (typeof like === 'number' && !(value !== '' && Number.isFinite(Number(value)))) {
      throw new UserFault(`--fault ${name} needs a number, not "${value}".`, { exitCode: 2 });
    }
    faults[name] = Array.isArray(like)
      ? value.split(',')
      : typeof like === 'boolean'
        ? value !== 'false'
        : Number(value);
  }
  return faults;
}
