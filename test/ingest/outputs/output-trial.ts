import { verifyWhole } from '../../../src/archive/verify/verify-whole.ts';
import type { FullOutputsConfig } from '../../../src/config/config.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { bytesOfText } from '../../../src/model/outputs/output-encoding.ts';
import type { SimulatorOptions } from '../../../src/simulator/start-simulator.ts';
import { ACCOUNT, REGION, startTrial, type Trial } from '../archive-trial.ts';

const ALL = { from: ['get', 'logs', 's3'], buckets: ['*'], logGroups: ['*'] } as const;
const FLEET = { invocations: 40, longOutputShare: 0.1, bucketShare: 0.7, logGroupShare: 0.5 };

/** A row of `full_outputs` with its text. */
export interface Fetched {
  commandId: string;
  instanceId: string;
  position: number;
  name: string;
  stream: 'stdout' | 'stderr';
  provenance: 'get' | 's3' | 'logs';
  encoding: string;
  text: string;
  sizeBytes: number;
  totalBytes: number | null;
  cutBy: string | null;
}

/** A trial whose passes fetch outputs, and the warnings of its passes. */
export async function outputTrial(options: SimulatorOptions, config: Partial<FullOutputsConfig> = {}) {
  const trial = await startTrial({ ...FLEET, ...options });
  bringIntoLedger(trial.db.sqlite);
  const warnings: string[] = [];
  const log = createLogger('warn', (line) => warnings.push(String(JSON.parse(line).msg)));
  const fullOutputs: FullOutputsConfig = { ...ALL, callsAPass: 100_000, maxBytes: 1_048_576, ...config };
  const pass = (changed: Partial<FullOutputsConfig> = {}) =>
    trial.pass({ log, config: { fullOutputs: { ...fullOutputs, ...changed } } });
  return { ...trial, warnings, fetchPass: pass };
}

/** What was fetched, in the order of the ledger. */
export function fetched({ db }: Pick<Trial, 'db'>): Fetched[] {
  return db.sqlite
    .prepare<[], Fetched>(
      `SELECT command_id AS commandId, instance_id AS instanceId, position, name, stream, provenance, encoding, text,
              f.size_bytes AS sizeBytes, total_bytes AS totalBytes, cut_by AS cutBy
         FROM full_outputs f JOIN invocations i ON i.id = invocation_id JOIN outputs o ON o.id = output_id ORDER BY seq`,
    )
    .all();
}

/** What is still to be fetched, or was given up. */
export function queue({
  db,
}: Pick<Trial, 'db'>): { provenance: string; tries: number; lastError: string | null; gaveUpAt: string | null }[] {
  return db.sqlite
    .prepare<[], { provenance: string; tries: number; lastError: string | null; gaveUpAt: string | null }>(
      'SELECT provenance, tries, last_error AS lastError, gave_up_at AS gaveUpAt FROM output_queue',
    )
    .all();
}

/** The bytes that became the text of a row. */
export const bytesOf = ({ text, encoding }: Fetched) => bytesOfText(text, encoding);

/** What the step has really printed. */
export function printed(
  { simulator }: Pick<Trial, 'simulator'>,
  { commandId, instanceId, name, stream }: Fetched,
): Buffer {
  const output = simulator.output(ACCOUNT, REGION, { commandId, instanceId, pluginName: name });
  if (!output) throw new Error('The step has not ended.');
  return output[stream];
}

/** What `verify` finds. */
export const faults = ({ db }: Pick<Trial, 'db'>) =>
  verifyWhole(db.sqlite, { trustedKeys: [], outside: [] }).faults.map(({ what }) => what);
