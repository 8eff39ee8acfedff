/** An account of the fleet and the regions in which it has nodes. */
export interface FleetAccount {
  readonly accountId: string;
  readonly regions: readonly string[];
}

export interface FleetOptions {
  /** The same seed makes the same fleet and history, whatever the clock shows. */
  readonly seed: string | number;
  readonly accounts: readonly FleetAccount[];
  /** About how many invocations the whole fleet has in any 30 days. */
  readonly invocations: number;
  /** The share of commands with MaxConcurrency 1: their invocations appear hours apart, for up to four days. */
  readonly rollingShare: number;
  /** The share of commands that run for hours, up to twelve days. */
  readonly longShare: number;
  /** The time with which InvokedAfter and InvokedBefore are compared in ListCommandInvocations. */
  readonly filterTime: 'invocation' | 'command';
  /** Thirty days after this time, an invocation is no longer shown. */
  readonly forgetTime: 'invocation' | 'command';
}

/** Three accounts, five sources, and five thousand invocations in thirty days. */
export const DEFAULT_FLEET: FleetOptions = {
  seed: 'ssm-archive',
  accounts: [
    { accountId: '111122223333', regions: ['eu-west-1', 'eu-central-1'] },
    { accountId: '444455556666', regions: ['us-east-1', 'us-west-2'] },
    { accountId: '777788889999', regions: ['ap-southeast-2'] },
  ],
  invocations: 5000,
  rollingShare: 0.02,
  longShare: 0.02,
  filterTime: 'invocation',
  forgetTime: 'invocation',
};
