import type { HttpBindings } from '@hono/node-server';
import { alreadySent } from './already-sent.ts';
import { dripReply } from './drip-reply.ts';
import { type RequestFaults, rateOf, type SimulatorFaults } from './faults.ts';
import type { SimulatorStats } from './stats.ts';

export interface TransportContext {
  readonly faults: SimulatorFaults;
  readonly stats: SimulatorStats;
  readonly random: () => number;
}

type Answer = () => Response | Promise<Response>;

/**
 * Sends an answer as the faults of its operation want: held back, byte by byte, or over a connection that breaks before
 * the reply or in the middle of its body.
 */
export async function withTransportFaults(
  { faults, stats, random }: TransportContext,
  { outgoing }: HttpBindings,
  operation: string,
  answer: Answer,
): Promise<Response> {
  const isDrawn = (fault: keyof RequestFaults) => {
    const rate = rateOf(faults, operation, fault);
    return rate > 0 && random() < rate;
  };
  if (isDrawn('slowRate')) {
    stats.slowReplies++;
    await new Promise((resolve) => setTimeout(resolve, faults.slowMs));
  }
  const isDropped = isDrawn('dropRate');
  if (isDropped && random() < 0.5) {
    stats.drops++;
    outgoing.destroy();
    return alreadySent();
  }
  if (!isDropped && !isDrawn('halfRate')) return dripping({ faults, stats }, outgoing, operation, await answer());
  stats.drops++;
  const response = await answer();
  const body = Buffer.from(await response.arrayBuffer());
  outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), 'content-length': body.length });
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.destroy());
  return alreadySent();
}

/** Sends an answer at once, or byte by byte. */
export async function dripping(
  { faults, stats }: Pick<TransportContext, 'faults' | 'stats'>,
  outgoing: HttpBindings['outgoing'],
  operation: string,
  response: Response,
): Promise<Response> {
  if (!faults.drippingOperations.includes(operation)) return response;
  stats.drips++;
  await dripReply(outgoing, response, faults.dripMs);
  return alreadySent();
}
