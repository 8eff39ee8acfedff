import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { AwsError } from '../http/aws/aws-error.ts';
import { createAwsApp } from '../http/aws/create-aws-app.ts';
import { type QueryReply, queryError } from '../http/aws/query-reply.ts';
import { readCredential } from '../http/aws/read-credential.ts';
import type { CommandInvocationRecord } from '../http/aws/records.ts';
import { alreadySent } from './already-sent.ts';
import { answerSts, type StsContext } from './answer-sts.ts';
import { createCallers } from './create-callers.ts';
import { createClock, type SimulatorClock } from './create-clock.ts';
import { createHistory } from './create-history.ts';
import { createDraws, keyOfText } from './draw.ts';
import { dripReply } from './drip-reply.ts';
import { encodeReply } from './encode-reply.ts';
import { noFaults, type SimulatorFaults } from './faults.ts';
import { createSite } from './fleet/create-site.ts';
import { DEFAULT_FLEET, type FleetOptions } from './fleet/fleet-options.ts';
import { noStats, type SimulatorStats } from './stats.ts';

export interface SimulatorOptions extends Partial<FleetOptions> {
  /** The port; 0, the default, takes any free port. */
  readonly port?: number;
  /** What the clock shows at the start; the real time by default. */
  readonly now?: Date;
  /** How fast the clock runs, 1 by default; at 0 it stops until it is set or advanced. */
  readonly clockRate?: number;
  readonly faults?: Partial<SimulatorFaults>;
  /** External ids by account; AssumeRole then requires them. */
  readonly externalIds?: Readonly<Record<string, string>>;
  /** Called with the simulator's own failures. A client gets InternalServerError for them. */
  readonly onError?: (error: unknown) => void;
}

export interface Simulator {
  readonly url: string;
  readonly port: number;
  readonly clock: SimulatorClock;
  /** The present faults, which may be changed at any time. */
  readonly faults: SimulatorFaults;
  readonly stats: SimulatorStats;
  /** Returns every invocation that a client could list now, with details, newest first. */
  truth(accountId: string, region: string): Iterable<CommandInvocationRecord>;
  /**
   * Returns CloudTrail's events of SendCommand for every command that can be listed now. The simulator has no endpoint
   * for them.
   */
  sendEvents(accountId: string, region: string): Iterable<object>;
  /** Stops the simulator, and ends open connections. */
  close(): Promise<void>;
}

type Env = { Bindings: HttpBindings };

/**
 * Starts a synthetic Run Command service on 127.0.0.1: AmazonSSM's three read operations and STS, on one port. The
 * options decide its fleet and history. Rejects if the port is taken.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const fleet = { ...DEFAULT_FLEET, ...options };
  const faults = { ...noFaults(), ...options.faults };
  const stats = noStats();
  const clock = createClock(options.now ?? new Date(), options.clockRate ?? 1, Date.now);
  const random = createDraws(keyOfText(`${fleet.seed}/faults`));
  const places = fleet.accounts.flatMap(({ accountId, regions }) => regions.map((region) => ({ accountId, region })));
  const sites = places.map((place, index) => createSite(fleet, { ...place, index, count: places.length }));
  const defaultAccount = places[0]?.accountId ?? '000000000000';
  const callers = createCallers({ defaultAccount, faults, stats, random, realNow: () => performance.now() });
  const history = createHistory(sites, fleet, { faults, stats, now: clock.now, random });
  const { onError } = options;
  const ssm = createAwsApp({
    history,
    resolveScope: callers.resolveScope,
    tokenSecret: String(fleet.seed),
    now: () => new Date(clock.now().getTime() + faults.clockSkewMs),
    encode: (reply) => encodeReply(reply, faults.exponentTimestamps),
    ...(onError && { onError }),
  });

  const app = new Hono<Env>();
  app.post('/', async (context) => {
    if (!isSts(context)) {
      const target = context.req.header('x-amz-target') ?? '';
      const operation = target.replace('AmazonSSM.', '');
      count(stats, operation);
      const answer = () => withTransportFaults(context, faults, stats, random, () => ssm.fetch(context.req.raw));
      return dripping(context, operation, answer);
    }
    const parameters = new URLSearchParams(await context.req.text());
    const operation = parameters.get('Action') ?? '';
    count(stats, operation);
    const sts = { callers, faults, externalIds: options.externalIds ?? {}, realNow: Date.now };
    const { status, xml } = answerSignedSts(sts, context, parameters);
    return dripping(context, operation, () => context.body(xml, status, { 'content-type': 'text/xml' }));
  });

  /** Sends an answer at once, or byte by byte. */
  async function dripping(context: Context<Env>, operation: string, answer: () => Response | Promise<Response>) {
    const response = await answer();
    if (response === alreadySent() || !faults.drippingOperations.includes(operation)) return response;
    stats.drips++;
    await dripReply(context.env.outgoing, response, faults.dripMs);
    return alreadySent();
  }

  const server = createAdaptorServer({ fetch: app.fetch });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    clock,
    faults,
    stats,
    truth: (accountId, region) => history.truth({ accountId, region }),
    sendEvents: (accountId, region) => history.sendEvents({ accountId, region }),
    close: () => close(server),
  };
}

/** Answers STS for the caller who signed the request, and refuses an unsigned one. */
function answerSignedSts(sts: StsContext, context: Context<Env>, parameters: URLSearchParams): QueryReply {
  try {
    const query = new URL(context.req.url).searchParams;
    const { accessKeyId, region } = readCredential(context.req.raw.headers, query);
    return answerSts(sts, { parameters, accessKeyId, region });
  } catch (error) {
    if (error instanceof AwsError) return queryError(403, error.code.replace(/Exception$/, ''), error.message);
    throw error;
  }
}

function isSts(context: Context<Env>): boolean {
  return (context.req.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded');
}

function count(stats: SimulatorStats, operation: string): void {
  stats.calls[operation] = (stats.calls[operation] ?? 0) + 1;
}

/** Holds a reply back, or breaks its connection before the reply or in the middle of it. */
async function withTransportFaults(
  context: Context<Env>,
  faults: SimulatorFaults,
  stats: SimulatorStats,
  random: () => number,
  answer: () => Response | Promise<Response>,
): Promise<Response> {
  if (faults.slowRate > 0 && random() < faults.slowRate) {
    stats.slowReplies++;
    await new Promise((resolve) => setTimeout(resolve, faults.slowMs));
  }
  if (faults.dropRate <= 0 || random() >= faults.dropRate) return answer();
  stats.drops++;
  const { outgoing } = context.env;
  if (random() < 0.5) {
    outgoing.destroy();
    return alreadySent();
  }
  const response = await answer();
  const body = Buffer.from(await response.arrayBuffer());
  outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), 'content-length': body.length });
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.destroy());
  return alreadySent();
}

function listen(server: ReturnType<typeof createAdaptorServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: ReturnType<typeof createAdaptorServer>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}
