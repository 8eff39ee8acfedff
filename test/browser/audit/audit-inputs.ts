import { DAY_MS } from '../../../src/lib/time.ts';
import type { Members } from '../../archive/raw-invocation.ts';
import { rawPlugin } from '../../archive/raw-invocation.ts';
import { asUtf16 } from '../../archive/search/written-utf16.ts';
import { MONTH_END } from '../../simulator/collect-month.ts';

// Inputs that auditors found in practice. Each was once shown wrongly on a page of the console.

export const PROD = { accountId: '111122223333', region: 'eu-west-1' } as const;
/** An account id that begins with a zero, and that spreadsheets treat as a number. */
export const BANK = { accountId: '012345678901', region: 'eu-west-1' } as const;

const at = (daysAgo: number) => (MONTH_END.getTime() - daysAgo * DAY_MS) / 1000;
const idOf = (n: number) => `c000000${n}-0000-0000-0000-00000000000${n}`;
const SKIPPED =
  'Step execution skipped due to unsatisfied preconditions: \'"StringEquals": [platformType, Windows]\'. Step name: PatchWindows';

export const COMMANDS = {
  scan: idOf(1),
  install: idOf(2),
  noNode: idOf(4),
  failed: idOf(5),
  utf16: idOf(6),
  notCut: idOf(8),
  bank: 'd0000000-0000-0000-0000-00000000000c',
} as const;
export const NODES = { scanned: 'i-00000000000000001', patched: 'i-00000000000000002', web: 'i-0aa11bb22cc33dd44' };

const patch = (CommandId: string, InstanceId: string, Output: string): Members => ({
  ...{ CommandId, InstanceId, InstanceName: '', Comment: '', DocumentName: 'AWS-RunPatchBaseline' },
  RequestedDateTime: at(12),
  CommandPlugins: [rawPlugin({ Name: 'PatchWindows', Output: SKIPPED }), rawPlugin({ Name: 'PatchLinux', Output })],
});
const shell = (CommandId: string, Output: string, more: Members = {}): Members => ({
  ...{ CommandId, InstanceId: NODES.web, InstanceName: 'web-1', Comment: '', DocumentName: 'AWS-RunShellScript' },
  RequestedDateTime: at(8),
  CommandPlugins: [rawPlugin({ Name: 'aws:runShellScript', Output })],
  ...more,
});

/** Outputs in the account PROD. */
export const INVOCATIONS: readonly Members[] = [
  patch(COMMANDS.scan, NODES.scanned, 'scanned, nothing installed\n'),
  patch(COMMANDS.install, NODES.patched, 'installed 3\n'),
  shell(COMMANDS.failed, '', {
    ...{ Status: 'Failed', StatusDetails: 'Failed', RequestedDateTime: at(5) },
    CommandPlugins: [
      rawPlugin({
        ...{ Name: 'aws:runShellScript', Status: 'Failed', StatusDetails: 'Failed', ResponseCode: 28 },
        Output:
          '\n----------ERROR-------\nwrite error: No space left on device\nfailed to run commands: exit status 28',
      }),
    ],
  }),
  shell(COMMANDS.utf16, asUtf16('Zugriff verweigert\r\n'), { RequestedDateTime: at(6) }),
  shell(COMMANDS.notCut, 'log of a script that looks for ---Output truncated--- in files\nand goes on\n'),
];

/** Outputs in the account BANK. */
export const BANK_INVOCATIONS: readonly Members[] = [
  shell(COMMANDS.bank, 'a\u0000b\nna\u00efve \u2603\n', {
    ...{ InstanceName: 'z\u00fcri-01', Comment: '\u00dcberpr\u00fcfung t\u00e4glich' },
    RequestedDateTime: at(7),
  }),
];

/** Commands of PROD as ListCommands shows them. The failed command is missing here: no listing ever had it. */
export const LISTED: readonly Record<string, unknown>[] = [
  listed(COMMANDS.scan, { Parameters: { Operation: ['Scan'] }, InstanceIds: [NODES.scanned], TargetCount: 1 }),
  listed(COMMANDS.install, { Parameters: { Operation: ['Install'] }, InstanceIds: [NODES.patched], TargetCount: 1 }),
  listed(COMMANDS.noNode, {
    ...{ DocumentName: 'AWS-RunShellScript', StatusDetails: 'NoInstancesInTag', TargetCount: 0 },
    Targets: [{ Key: 'tag:Env', Values: ['nope'] }],
  }),
];

function listed(CommandId: string, more: Record<string, unknown>): Record<string, unknown> {
  return {
    ...{ CommandId, DocumentName: 'AWS-RunPatchBaseline', Comment: '', RequestedDateTime: at(12) },
    ...{ Status: 'Success', StatusDetails: 'Success', InstanceIds: [], Targets: [], ...more },
  };
}
