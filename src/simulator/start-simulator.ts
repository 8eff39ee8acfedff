import { createAdaptorServer } from '@hono/node-server';
import { createAwsApp } from '../http/aws/create-aws-app.ts';
import type { CommandInvocationRecord } from '../http/aws/records.ts';
import { createCallers } from './create-callers.ts';
import { createClock, type SimulatorClock } from './create-clock.ts';
import { createHistory } from './create-history.ts';
import { createRoutes } from './create-routes.ts';
import { createDraws, keyOfText } from './draw.ts';
import { encodeReply } from './encode-reply.ts';
import { noFaults, type SimulatorFaults } from './faults.ts';
import { createSite } from './fleet/create-site.ts';
import { DEFAULT_FLEET, type FleetOptions } from './fleet/fleet-options.ts';
import { findOutput, type StepName, type WholeOutput } from './outputs/find-output.ts';
import { noStats, type SimulatorStats } from './stats.ts';

export interface SimulatorOptions extends Partial<FleetOptions> {
  /** The port; 0, the default, takes any free port. */
  readonly port?: number;
  /** What the clock shows at the start; the real time by default. */
  readonly now?: Date;
  /** How fast the clock runs, 1 by default; at 0 it stands until it is set or advanced. */
  readonly clockRate?: number;
  readonly faults?: Partial<SimulatorFaults>;
  /** External ids by account; AssumeRole then requires them. */
  readonly externalIds?: Readonly<Record<string, string>>;
  /** Regions of buckets; a bucket that is not named is in the region in which it is asked for. */
  readonly bucketRegions?: Readonly<Record<string, string>>;
  /** Called with the simulator's own failures. A client gets InternalServerError for them. */
  readonly onError?: (error: unknown) => void;
}

export interface Simulator {
  readonly url: string;
  readonly port: number;
  readonly clock: SimulatorClock;
  /** May be changed at any time. */
  readonly faults: SimulatorFaults;
  readonly stats: SimulatorStats;
  /** Returns every invocation that a client could list now, with details, newest first. */
  truth(accountId: string, region: string): Iterable<CommandInvocationRecord>;
  /**
   * Returns CloudTrail's events of SendCommand for every command that can be listed now. The simulator has no endpoint
   * for them.
   */
  sendEvents(accountId: string, region: string): Iterable<object>;
  /** Returns all bytes that a step wrote, whatever its command did with them; undefined until the step has ended. */
  output(accountId: string, region: string, step: StepName): WholeOutput | undefined;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/**
 * Starts a synthetic Run Command service on 127.0.0.1: AmazonSSM's three read operations, STS, and the buckets and
 * log groups that hold its outputs, on one port. The options decide its fleet and history. Rejects if the port is taken.
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
  const serviceNow = () => new Date(clock.now().getTime() + faults.clockSkewMs);
  const ssm = createAwsApp({
    history,
    resolveScope: callers.resolveScope,
    tokenSecret: String(fleet.seed),
    now: serviceNow,
    encode: (reply) => encodeReply(reply, faults.exponentTimestamps),
    ...(onError && { onError }),
  });

  const { externalIds = {}, bucketRegions = {} } = options;
  const app = createRoutes({
    faults,
    stats,
    random,
    ssm,
    sts: { callers, faults, externalIds, realNow: Date.now },
    logs: { sites, callers, faults, now: serviceNow, random },
    s3: { sites, callers, faults, bucketRegions, now: serviceNow },
    onError: onError ?? (() => {}),
  });
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
    output: (accountId, region, step) => {
      const site = sites.find((one) => one.accountId === accountId && one.region === region);
      return site && findOutput(site, step, serviceNow().getTime());
    },
    close: () => close(server),
  };
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
