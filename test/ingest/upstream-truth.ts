import type { ArchiveDb } from '../../src/db/open.ts';
import { createSite } from '../../src/simulator/fleet/create-site.ts';
import { DEFAULT_FLEET, type FleetOptions } from '../../src/simulator/fleet/fleet-options.ts';
import { walkInvocations } from '../../src/simulator/fleet/walk-site.ts';
import { ACCOUNT, REGION } from './archive-trial.ts';

/** An invocation that the service has had, even if it no longer shows it, and when its command was sent. */
export interface Requested {
  commandId: string;
  instanceId: string;
  requestedMs: number;
  sentMs: number;
}

/** Returns all invocations requested from `fromMs` until `untilMs` in the fleet of a trial with these options. */
export function requestedIn(options: Partial<FleetOptions>, fromMs: number, untilMs: number): Requested[] {
  const place = { accountId: ACCOUNT, region: REGION };
  const fleet = {
    ...DEFAULT_FLEET,
    accounts: [{ accountId: ACCOUNT, regions: [REGION] }],
    invocations: 600,
    ...options,
  };
  const site = createSite(fleet, { ...place, index: 0, count: 1 });
  return [...walkInvocations(site, { fromMs, untilMs }, undefined)].map(({ command, target, requestedMs }) => ({
    commandId: command.id,
    instanceId: site.node(command, target).instanceId,
    requestedMs,
    sentMs: command.requestedMs,
  }));
}

export function isKept({ sqlite }: ArchiveDb, { commandId, instanceId }: Requested): boolean {
  const find = 'SELECT 1 FROM invocations WHERE command_id = ? AND account_id = ? AND region = ? AND instance_id = ?';
  return sqlite.prepare(find).get(commandId, ACCOUNT, REGION, instanceId) !== undefined;
}
