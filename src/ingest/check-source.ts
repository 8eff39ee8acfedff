import type { AwsOverride, FullOutputsConfig, SourceConfig } from '../config/config.ts';
import type { Now } from '../lib/time.ts';
import { connectSource, type Source } from '../upstream/connect-source.ts';
import { createPacer } from '../upstream/create-pacer.ts';
import { OperationUnknown, SourceTwice } from '../upstream/errors.ts';
import { classifyFailure } from './list/classify-failure.ts';
import { checkOutputs } from './outputs/check-outputs.ts';

/**
 * The result of one check. `failed`: the archive can't be complete. `warning`: it may not be complete. `remedy` is
 * empty if all is well.
 */
export interface Check {
  what: string;
  state: 'ok' | 'warning' | 'failed';
  detail: string;
}

interface CheckDeps {
  now: Now;
  random(): number;
  signal: AbortSignal;
  aws?: AwsOverride | undefined;
  callDeadlineMs?: number | undefined;
  /** Which outputs are fetched in full, if any. */
  fullOutputs?: FullOutputsConfig | undefined;
  /** Called with a sentence when an endpoint does not answer and is asked again. */
  onSilence?: ((sentence: string) => void) | undefined;
  /** The aliases of the sources that were checked before, by account and region; this check adds its source's alias. */
  places?: Map<string, string> | undefined;
}

const SKEW_WARNING_MS = 60_000;
const SKEW_FAILURE_MS = 5 * 60_000;

/**
 * Checks one source in one region: its credentials, its permissions (by calls that ask for as little as possible) and
 * the service's clock.
 */
export async function checkSource(deps: CheckDeps, config: SourceConfig, region: string | undefined): Promise<Check[]> {
  const name = [config.alias, region].filter(Boolean).join(' ');
  const counts = { calls: 0, throttles: 0, faults: 0 };
  const pacer = createPacer({ monotonicMs: () => performance.now(), random: deps.random, signal: deps.signal });
  const checks: Check[] = [];
  let source: Source;
  try {
    source = await connectSource({ ...deps, pacer, counts }, config, region);
  } catch (error) {
    return [{ what: `${name}: credentials`, state: 'failed', detail: classifyFailure(error).sentence }];
  }
  checks.push({
    what: `${name}: credentials`,
    state: 'ok',
    detail: `account ${source.accountId}, region ${source.region}`,
  });
  const place = `${source.accountId} ${source.region}`;
  const earlier = deps.places?.get(place);
  if (earlier === undefined) deps.places?.set(place, config.alias);
  else {
    const { accountId, region: usedRegion } = source;
    const { message } = new SourceTwice({ alias: config.alias, earlier, accountId, region: usedRegion });
    checks.push({ what: `${name}: source`, state: 'failed', detail: message });
  }
  const recent = { afterMs: deps.now().getTime() };
  await permission('ssm:ListCommandInvocations', () => source.listCommandInvocations(recent, counts));
  await permission('ssm:ListCommands', () => source.listCommands(recent, counts));
  if (deps.fullOutputs) checks.push(...(await checkOutputs(source, deps.fullOutputs, { name, counts })));
  checks.push(clockCheck(name, source.clockSkewMs()));
  source.close();
  return checks;

  async function permission(action: string, call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
      checks.push({ what: `${name}: ${action}`, state: 'ok', detail: 'permitted' });
    } catch (error) {
      const state = error instanceof OperationUnknown ? 'warning' : 'failed';
      checks.push({ what: `${name}: ${action}`, state, detail: classifyFailure(error).sentence });
    }
  }
}

function clockCheck(name: string, skewMs: number | undefined): Check {
  const what = `${name}: clock`;
  if (skewMs === undefined)
    return {
      what,
      state: 'warning',
      detail: "The service's replies have no Date header, so the clocks can't be compared.",
    };
  const seconds = Math.round(skewMs / 1000);
  const isBad = Math.abs(skewMs) >= SKEW_FAILURE_MS;
  if (Math.abs(skewMs) < SKEW_WARNING_MS)
    return { what, state: 'ok', detail: `within ${Math.abs(seconds) + 1} s of the service's clock` };
  const detail = `The service's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} this machine's. Set this machine's clock (NTP).`;
  return { what, state: isBad ? 'failed' : 'warning', detail };
}
