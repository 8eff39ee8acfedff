import type { FullOutputsConfig } from '../../config/config.ts';
import type { Source } from '../../upstream/connect-source.ts';
import { OutputDenied, OutputGone } from '../../upstream/outputs/output-errors.ts';
import type { CallCounts } from '../../upstream/replies/count-attempts.ts';
import { classifyFailure } from '../list/classify-failure.ts';
import { sayDenied } from './say-denied.ts';

/** What one place says. A refusal is only a warning: everything else is collected all the same. */
export interface OutputCheck {
  what: string;
  state: 'ok' | 'warning';
  detail: string;
}

/**
 * A command, a node, an object and a log stream that do not exist. A caller that may read gets the answer that they do
 * not exist.
 */
const NOBODYS = { commandId: '00000000-0000-4000-8000-000000000000', instanceId: 'i-00000000000000000' };
const NOTHING = 'ssm-archive-doctor/nothing';

const NOT_ASKED =
  'Not asked, since only commands say which there are. A pass warns of what it may not read. Name each one to have it asked here.';

/**
 * Checks whether a source may fetch full outputs from the configured places, by asking each for something that is not
 * there. Of names with `*` at their end, only a command says which there are, so these are not asked, and it says so.
 */
export async function checkOutputs(
  { outputs, accountId }: Pick<Source, 'outputs' | 'accountId'>,
  { from, accounts, buckets, logGroups }: FullOutputsConfig,
  { name, counts }: { name: string; counts: CallCounts },
): Promise<OutputCheck[]> {
  if (accounts && !accounts.includes(accountId)) return [];
  const reading = { maxBytes: 1, counts };
  const checks: OutputCheck[] = [];
  const check = async (what: string, ask: () => Promise<unknown>) => {
    checks.push({ what: `${name}: ${what}`, ...(await judge(ask)) });
  };
  const stored = (store: string) => ({ stream: 'stdout', store, name: NOTHING }) as const;
  if (from.includes('get'))
    await check('ssm:GetCommandInvocation', () =>
      outputs.getInvocationOutput({ ...NOBODYS, pluginName: undefined }, reading),
    );
  for (const bucket of buckets.filter(isExact))
    await check(`s3:GetObject of ${bucket}`, () => outputs.readObject(stored(bucket), reading));
  for (const group of logGroups.filter(isExact))
    await check(`logs:GetLogEvents of ${group}`, () => outputs.readLogStream(stored(group), reading));
  const unasked = (action: string, names: readonly string[]) => {
    for (const one of names.filter((pattern) => !isExact(pattern)))
      checks.push({ what: `${name}: ${action} of ${one}`, state: 'warning', detail: NOT_ASKED });
  };
  unasked('s3:GetObject', buckets);
  unasked('logs:GetLogEvents', logGroups);
  return checks;
}

function isExact(name: string): boolean {
  return !name.endsWith('*');
}

async function judge(ask: () => Promise<unknown>): Promise<Omit<OutputCheck, 'what'>> {
  try {
    await ask();
    return { state: 'ok', detail: 'permitted' };
  } catch (error) {
    if (error instanceof OutputGone) {
      const isThere = !/NoSuchBucket|log group does not exist/.test(error.message);
      return isThere ? { state: 'ok', detail: 'permitted' } : { state: 'warning', detail: error.message };
    }
    if (error instanceof OutputDenied) return { state: 'warning', detail: sayDenied([error]).join(' ') };
    return { state: 'warning', detail: classifyFailure(error).sentence };
  }
}
