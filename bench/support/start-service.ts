import { z } from 'zod';
import { startChild } from './start-child.ts';

export const ACCOUNT_ID = '111122223333';
export const REGION = 'eu-west-1';

/** The environment by which any AWS client is the simulator's only account. */
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

/** The simulator, one account and region, in another process. */
export async function startService(folder: string, invocations: number, faults: Record<string, number> = {}) {
  const child = await startChild(folder, 'simulate', { invocations, accountId: ACCOUNT_ID, region: REGION, faults });
  const look = () => child.ask(undefined, Service);
  const { url } = await look();
  return { url, stats: async () => (await look()).stats, end: child.end };
}
