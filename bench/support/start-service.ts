import { z } from 'zod';
import { startChild } from './start-child.ts';

export const ACCOUNT_ID = '111122223333';
export const REGION = 'eu-west-1';

/** The environment with which any AWS client uses the simulator's only account. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: ACCOUNT_ID,
  AWS_SECRET_ACCESS_KEY: 'any',
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_EC2_METADATA_DISABLED: 'true',
};

const Service = z.object({
  url: z.string(),
  stats: z.object({ calls: z.record(z.string(), z.number()), throttles: z.number() }),
});

export interface ServiceOptions {
  faults?: Record<string, number>;
  /** The regions of the one account; each has an equal share of the invocations. */
  regions?: readonly string[];
  /** Runs at low priority, because the real service would be on another machine. */
  isInBackground?: boolean;
}

/** The simulator with one account, in another process. */
export async function startService(
  folder: string,
  invocations: number,
  { faults = {}, regions = [REGION], isInBackground = false }: ServiceOptions = {},
) {
  const input = { invocations, accountId: ACCOUNT_ID, regions, isInBackground, faults };
  const child = await startChild(folder, 'simulate', input);
  const look = () => child.ask(undefined, Service);
  const { url } = await look();
  return { url, stats: async () => (await look()).stats, end: child.end };
}
