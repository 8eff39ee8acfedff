import { fraction, keyOfText, mix } from '../draw.ts';
import { decodeCommandId, encodeCommandId } from './command-id.ts';
import {
  type CommandPlan,
  type CommandTraits,
  DAY_MS,
  drawTraits,
  LONGEST_SPREAD_MS,
  planCommand,
  requestOffsetMs,
} from './command-plan.ts';
import { createNodes, type ManagedNode } from './create-nodes.ts';
import type { FleetOptions } from './fleet-options.ts';
import { orderTies } from './order-ties.ts';
import { rememberRecent } from './remember-recent.ts';

/** The commands of a day in the order in which they were sent. */
export interface CommandDay {
  readonly requestedMs: Float64Array;
  readonly sizes: Uint32Array;
  /** Commands of this day whose last invocation is of a later day. */
  readonly late: readonly number[];
}

/** The invocations of a day in the order in which they were requested. */
export interface InvocationDay {
  readonly requestedMs: Float64Array;
  /** The day of the command, and its index in that day. */
  readonly commandDays: Int32Array;
  readonly commandIndexes: Uint32Array;
  readonly targets: Uint32Array;
}

/** An account and region with its nodes and its history. The seed decides all of it. Days count from 1970. */
export interface Site {
  readonly accountId: string;
  readonly region: string;
  readonly nodes: readonly ManagedNode[];
  commandsOf(day: number): CommandDay;
  invocationsOf(day: number): InvocationDay;
  command(day: number, index: number): CommandPlan;
  commandById(id: string): CommandPlan | undefined;
  node(command: CommandPlan, target: number): ManagedNode;
  /** Returns which of the command's targets a node is, by number; undefined if the node is not a target. */
  targetOf(command: CommandPlan, instanceId: string): number | undefined;
}

const DAYS_REMEMBERED = 45;
const PLANS_REMEMBERED = 8192;
const LATE_DAYS = Math.ceil(LONGEST_SPREAD_MS / DAY_MS) + 1;

export function createSite(
  options: FleetOptions,
  place: { readonly index: number; readonly count: number; readonly accountId: string; readonly region: string },
): Site {
  const { accountId, region, index: site } = place;
  const seedKey = keyOfText(String(options.seed));
  const siteKey = mix(seedKey, keyOfText(`${accountId}/${region}`));
  const perMonth = options.invocations / place.count;
  const nodes = createNodes(siteKey, Math.min(2000, Math.max(14, Math.round(perMonth / 100))));
  const places = new Map(nodes.map(({ instanceId }, at) => [instanceId, at]));
  const isLinux = nodes.filter(({ platform }) => platform === 'Linux').length;
  const isWindows = nodes.filter(({ platform }) => platform === 'Windows').length;
  const pools = {
    Linux: { start: 0, size: isLinux },
    Windows: { start: isLinux, size: isWindows },
    any: { start: 0, size: nodes.length },
  };

  const traitsOf = (day: number, index: number): CommandTraits => {
    const traits = drawTraits(mix(mix(siteKey, day), index), options.rollingShare, options.longShare);
    return { ...traits, size: Math.min(traits.size, pools[traits.document.nodes].size) };
  };

  const commandsOf = rememberRecent(DAYS_REMEMBERED, (day: number): CommandDay => {
    // Each site has a fraction of its own: without it, small fleets would send on the same days everywhere.
    const until = (at: number) => Math.floor((at * perMonth) / 30 + fraction(siteKey, 1));
    let budget = until(day + 1) - until(day);
    const sizes: number[] = [];
    while (budget > 0) {
      const size = Math.min(traitsOf(day, sizes.length).size, budget);
      sizes.push(size);
      budget -= size;
    }
    const dayKey = mix(siteKey, day);
    // One minute at the end of the day stays free, so that times that are made distinct are still within the day.
    const times = Float64Array.from(sizes, (_, index) =>
      Math.floor(day * DAY_MS + fraction(mix(dayKey, 0x5eed), index) * (DAY_MS - 60_000)),
    ).sort();
    for (let index = 1; index < times.length; index++) {
      times[index] = Math.max(times[index] ?? 0, (times[index - 1] ?? 0) + 1);
    }
    const late = sizes.flatMap((size, index) => {
      const last = requestOffsetMs({ ...traitsOf(day, index), size }, size - 1);
      return (times[index] ?? 0) + last >= (day + 1) * DAY_MS ? [index] : [];
    });
    return { requestedMs: times, sizes: Uint32Array.from(sizes), late };
  });

  const command = rememberPlans(PLANS_REMEMBERED, (day: number, index: number): CommandPlan => {
    const { requestedMs, sizes } = commandsOf(day);
    const traits = traitsOf(day, index);
    const id = encodeCommandId(seedKey, { site, day, index });
    return planCommand(
      { ...traits, size: sizes[index] ?? 0 },
      id,
      requestedMs[index] ?? 0,
      pools[traits.document.nodes],
    );
  });

  const nodeOf = (plan: CommandPlan, target: number): ManagedNode => {
    const node = nodes[plan.nodeStart + ((plan.poolStart + target) % plan.poolSize)];
    if (!node) throw new RangeError(`command ${plan.id} has no target ${target}`);
    return node;
  };

  const invocationsOf = rememberRecent(DAYS_REMEMBERED, (day: number): InvocationDay => {
    const start = day * DAY_MS;
    const commandDays: number[] = [];
    const commandIndexes: number[] = [];
    const targets: number[] = [];
    const offsets: number[] = [];
    const add = (commandDay: number, index: number) => {
      const { requestedMs, sizes } = commandsOf(commandDay);
      const size = sizes[index] ?? 0;
      const traits = { ...traitsOf(commandDay, index), size };
      for (let target = 0; target < size; target++) {
        const offset = (requestedMs[index] ?? 0) + requestOffsetMs(traits, target) - start;
        if (offset < 0) continue;
        if (offset >= DAY_MS) break;
        commandDays.push(commandDay);
        commandIndexes.push(index);
        targets.push(target);
        offsets.push(offset);
      }
    };
    for (let back = LATE_DAYS; back > 0; back--) {
      for (const index of commandsOf(day - back).late) add(day - back, index);
    }
    for (let index = 0; index < commandsOf(day).sizes.length; index++) add(day, index);

    // The time is in the upper digits, the index in the lower: sorting the numbers then puts the day in order.
    const order = Float64Array.from(offsets, (offset, at) => offset * 0x100_0000 + at)
      .sort()
      .map((packed) => packed % 0x100_0000);
    const at = (list: number[], place: number) => list[place] ?? 0;
    const idOf = (place: number) => {
      const plan = command(at(commandDays, place), at(commandIndexes, place));
      return `${plan.id}/${nodeOf(plan, at(targets, place)).instanceId}`;
    };
    orderTies(order, (place) => at(offsets, place), idOf);
    return {
      requestedMs: Float64Array.from(order, (place) => start + at(offsets, place)),
      commandDays: Int32Array.from(order, (place) => at(commandDays, place)),
      commandIndexes: Uint32Array.from(order, (place) => at(commandIndexes, place)),
      targets: Uint32Array.from(order, (place) => at(targets, place)),
    };
  });

  return {
    accountId,
    region,
    nodes,
    commandsOf,
    invocationsOf,
    command,
    commandById: (id) => {
      const found = decodeCommandId(seedKey, id);
      if (!found || found.site !== site || found.index >= commandsOf(found.day).sizes.length) return undefined;
      return command(found.day, found.index);
    },
    node: nodeOf,
    targetOf: (plan, instanceId) => {
      const at = places.get(instanceId);
      if (at === undefined || at < plan.nodeStart || at >= plan.nodeStart + plan.poolSize) return undefined;
      const target = (at - plan.nodeStart - plan.poolStart + plan.poolSize) % plan.poolSize;
      return target < plan.size ? target : undefined;
    },
  };
}

function rememberPlans<T>(limit: number, make: (day: number, index: number) => T): (day: number, index: number) => T {
  const recall = rememberRecent(limit, (packed: number) => make(Math.floor(packed / 0x100_0000), packed % 0x100_0000));
  return (day, index) => recall(day * 0x100_0000 + index);
}
