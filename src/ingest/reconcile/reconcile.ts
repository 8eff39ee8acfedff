import type { FindSealed } from '../../archive/sealed/sealed-invocations.ts';
import type { Config, SourceConfig } from '../../config/config.ts';
import type { ArchiveDb } from '../../db/open.ts';
import type { Now } from '../../lib/time.ts';
import { emptyTally } from '../../model/coverage/counters.ts';
import { connectSource, type Source } from '../../upstream/connect-source.ts';
import { createPacer } from '../../upstream/create-pacer.ts';
import { classifyFailure } from '../list/classify-failure.ts';
import { type Reconciled, reconcileSource } from './reconcile-source.ts';

export interface ReconcileOptions {
  db: ArchiveDb;
  config: Config;
  now: Now;
  random(): number;
  signal: AbortSignal;
  /** If given, only the sources of this alias are compared. */
  alias?: string | undefined;
  /** Looks for invocations in sealed days. */
  findSealed?: FindSealed | undefined;
  /** Called with a sentence when an endpoint does not answer and is asked again. */
  onSilence?: ((sentence: string) => void) | undefined;
  onProgress?: ((source: { alias: string; region: string; compared: number }) => void) | undefined;
}

/** How the archive compares with one source; `error` if that source could not be read to the end. */
export interface SourceReconciled extends Partial<Reconciled> {
  alias: string;
  region: string;
  error?: string;
  /** The command that records what is missing and what has changed after its end. */
  remedy?: string;
}

/** Compares the archive with everything that each source still shows, one source after another. Writes nothing. */
export async function reconcile(options: ReconcileOptions): Promise<SourceReconciled[]> {
  const { config, alias, signal } = options;
  const results: SourceReconciled[] = [];
  for (const source of config.sources) {
    if (alias !== undefined && source.alias !== alias) continue;
    for (const region of source.regions.length > 0 ? source.regions : [undefined]) {
      if (signal.aborted) return results;
      results.push(await reconcileOne(options, source, region));
    }
  }
  return results;
}

async function reconcileOne(
  options: ReconcileOptions,
  config: SourceConfig,
  region: string | undefined,
): Promise<SourceReconciled> {
  const { db, now, random, signal, findSealed, onSilence } = options;
  const { alias } = config;
  const pacer = createPacer({ monotonicMs: () => performance.now(), random, signal });
  let source: Source | undefined;
  try {
    const { aws, callDeadlineMs } = options.config;
    const connecting = { now, pacer, counts: emptyTally(), aws, signal, callDeadlineMs, onSilence };
    source = await connectSource(connecting, config, region);
    const connected = source;
    const slicesAtOnce = options.config.slicesAtOnce;
    const onReply = (compared: number) => options.onProgress?.({ alias, region: connected.region, compared });
    const found = await reconcileSource({ db, source, now, signal, slicesAtOnce, findSealed, onReply });
    return { alias, ...found, ...remedyOf(alias, found) };
  } catch (error) {
    const { kind, sentence } = classifyFailure(error);
    if (kind === 'fatal') throw error;
    return { alias, region: source?.region ?? region ?? '', error: sentence };
  } finally {
    source?.close();
  }
}

/**
 * Returns the command that records what is missing or has changed; nothing if no command can, because the service no
 * longer shows it.
 */
function remedyOf(alias: string, { remedySpan }: Reconciled): { remedy?: string } {
  if (!remedySpan) return {};
  const { from, to } = remedySpan;
  const name = /^[\w.@:/+-]+$/.test(alias) ? alias : `'${alias.replaceAll("'", "'\\''")}'`;
  return { remedy: `ssm-archive ingest --from ${from} --to ${to} --source ${name}` };
}
