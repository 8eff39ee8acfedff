import type { Command } from '@commander-js/extra-typings';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { nearNames, proposalOf } from '../../lib/words/near-names.ts';
import { DEFAULT_FLEET } from '../../simulator/fleet/fleet-options.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { parseFaults } from '../options/parse-faults.ts';
import { shareOf } from '../options/share-of.ts';
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
    .option('--bucket-share <number>', 'the share of commands that name a bucket', String(DEFAULT_FLEET.bucketShare))
    .option(
      '--log-group-share <number>',
      'the share of commands that name a log group',
      String(DEFAULT_FLEET.logGroupShare),
    )
    .option('--long-output-share <number>', 'the share of steps with outputs of odd sizes, up to 30 MB', '0')
    .option('--fault <name=value...>', 'a fault to inject, such as throttleRate=0.1; see docs/simulator.md')
    .action(async (options) => {
      const { signal, isStopped } = stopSignal(terminal, 'Stopping.');
      const simulator = await startSimulator({
        port: wholeNumber('--port', options.port, 65_535),
        invocations: wholeNumber('--invocations', options.invocations, 10_000_000),
        seed: options.seed,
        filterTime: whoseTime('--filter-time', options.filterTime),
        forgetTime: whoseTime('--forget-time', options.forgetTime),
        bucketShare: shareOf('--bucket-share', options.bucketShare),
        logGroupShare: shareOf('--log-group-share', options.logGroupShare),
        longOutputShare: shareOf('--long-output-share', options.longOutputShare),
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
