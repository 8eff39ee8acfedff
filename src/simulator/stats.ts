/** What the simulator has done since it started, or since a test set it to zero. */
export interface SimulatorStats {
  /** Requests by operation, refused ones included: `ListCommandInvocations`, `GetCallerIdentity`, … */
  calls: Record<string, number>;
  /** How many pages of lists were sent, and how many items were on them. */
  pages: number;
  items: number;
  throttles: number;
  errors: number;
  drops: number;
  slowReplies: number;
  drips: number;
  invalidTokens: number;
  emptyPages: number;
  shortPages: number;
  repeats: number;
  denials: number;
  expirations: number;
}

export function noStats(): SimulatorStats {
  return {
    calls: {},
    pages: 0,
    items: 0,
    throttles: 0,
    errors: 0,
    drops: 0,
    slowReplies: 0,
    drips: 0,
    invalidTokens: 0,
    emptyPages: 0,
    shortPages: 0,
    repeats: 0,
    denials: 0,
    expirations: 0,
  };
}
