import type { Platform } from './create-nodes.ts';
import type { OutputKind } from './output-kinds.ts';

export interface DocumentStep {
  readonly name: string;
  /** The plugin that runs the step, without `aws:`. Its name is part of the output's address in S3. */
  readonly plugin: string;
  readonly output: OutputKind;
  /** A precondition: the step is skipped on nodes of other platforms. */
  readonly only?: Platform;
}

export interface CommandDocument {
  readonly name: string;
  /** How often the document is sent, relative to the other documents. */
  readonly share: number;
  /** The nodes to which the document is sent. */
  readonly nodes: 'Linux' | 'Windows' | 'any';
  /** How long a step takes, at least and at most, in milliseconds. */
  readonly takesMs: readonly [number, number];
  readonly steps: readonly DocumentStep[];
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly comments: readonly [string, ...string[]];
}

const SHELL: DocumentStep = { name: 'aws:runShellScript', plugin: 'runShellScript', output: 'shell' };
const POWERSHELL: DocumentStep = {
  name: 'aws:runPowerShellScript',
  plugin: 'runPowerShellScript',
  output: 'powershell',
};

/** The documents that are sent to the fleet: common ones, and some of the fleet's own. */
export const DOCUMENTS: readonly [CommandDocument, ...CommandDocument[]] = [
  {
    name: 'AWS-RunShellScript',
    share: 30,
    nodes: 'Linux',
    takesMs: [40, 90_000],
    steps: [SHELL],
    parameters: { commands: ['df -h', 'systemctl --failed', 'uptime'], executionTimeout: ['3600'] },
    comments: ['', '', 'disk check', 'CHG0042817 restart web tier', 'Überprüfung 🚀'],
  },
  {
    name: 'AWS-RunPowerShellScript',
    share: 14,
    nodes: 'Windows',
    takesMs: [300, 120_000],
    steps: [POWERSHELL],
    parameters: { commands: ['Get-Service | Where-Object Status -eq Stopped'], workingDirectory: [''] },
    comments: ['', 'services', 'INC0099812', 'Get-Service after patching'],
  },
  {
    name: 'AWS-RunPatchBaseline',
    share: 14,
    nodes: 'any',
    takesMs: [20_000, 1_500_000],
    steps: [
      { name: 'PatchWindows', plugin: 'runPowerShellScript', output: 'patch', only: 'Windows' },
      { name: 'PatchMacOS', plugin: 'runShellScript', output: 'patch', only: 'MacOS' },
      { name: 'PatchLinux', plugin: 'runShellScript', output: 'patch', only: 'Linux' },
    ],
    parameters: { Operation: ['Scan'], SnapshotId: [''], InstallOverrideList: [''], RebootOption: ['NoReboot'] },
    comments: ['', 'nightly scan', 'patch window sunday'],
  },
  {
    name: 'AWS-UpdateSSMAgent',
    share: 12,
    nodes: 'any',
    takesMs: [90, 45_000],
    steps: [{ name: 'aws:updateSsmAgent', plugin: 'updateSsmAgent', output: 'agent' }],
    parameters: { version: [''], allowDowngrade: ['false'] },
    comments: ['', 'agent update'],
  },
  {
    name: 'AWS-GatherSoftwareInventory',
    share: 9,
    nodes: 'any',
    takesMs: [400, 20_000],
    steps: [{ name: 'collectSoftwareInventoryItems', plugin: 'softwareInventory', output: 'inventory' }],
    parameters: { applications: ['Enabled'], awsComponents: ['Enabled'], networkConfig: ['Enabled'] },
    comments: [''],
  },
  {
    name: 'AWS-ConfigureAWSPackage',
    share: 6,
    nodes: 'any',
    takesMs: [2000, 180_000],
    steps: [{ name: 'configurePackage', plugin: 'configurePackage', output: 'package' }],
    parameters: { action: ['Install'], name: ['AmazonCloudWatchAgent'], installationType: ['Uninstall and reinstall'] },
    comments: ['', 'install CloudWatch agent'],
  },
  {
    name: 'AWS-RunAnsiblePlaybook',
    share: 5,
    nodes: 'Linux',
    takesMs: [5000, 900_000],
    steps: [{ name: 'runShellScript', plugin: 'runShellScript', output: 'ansible' }],
    parameters: { playbookurl: ['s3://acme-playbooks/site.yml'], check: ['False'] },
    comments: ['site.yml', ''],
  },
  {
    name: 'AmazonCloudWatch-ManageAgent',
    share: 4,
    nodes: 'any',
    takesMs: [1000, 40_000],
    steps: [
      { name: 'ControlCloudWatchAgentWindows', plugin: 'runPowerShellScript', output: 'package', only: 'Windows' },
      { name: 'ControlCloudWatchAgentLinux', plugin: 'runShellScript', output: 'package', only: 'Linux' },
    ],
    parameters: { action: ['configure'], mode: ['ec2'], optionalRestart: ['yes'] },
    comments: [''],
  },
  {
    name: 'Acme-RotateLogs',
    share: 4,
    nodes: 'Linux',
    takesMs: [200, 240_000],
    steps: [
      { name: 'stopService', plugin: 'runShellScript', output: 'shell' },
      { name: 'rotate', plugin: 'runShellScript', output: 'odd' },
      { name: 'startService', plugin: 'runShellScript', output: 'shell' },
      { name: 'verify', plugin: 'runShellScript', output: 'shell' },
    ],
    parameters: { service: ['nginx'], keepDays: ['14'] },
    comments: ['rotation', ''],
  },
  {
    name: 'acme.ops_Collect-Evidence',
    share: 2,
    nodes: 'any',
    takesMs: [500, 60_000],
    steps: [
      { name: 'collectWindows', plugin: 'runPowerShellScript', output: 'powershell', only: 'Windows' },
      { name: 'collectUnix', plugin: 'runShellScript', output: 'odd' },
    ],
    parameters: { ticket: ['AUD-2281'] },
    comments: ['quarterly audit', '=HYPERLINK("https://example.com","audit")'],
  },
];
