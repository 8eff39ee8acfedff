import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  createReaderPool,
  type ReaderPool,
  type ReaderPoolOptions,
} from '../../../src/processes/pool/create-reader-pool.ts';
import type { ReadOptions } from '../../../src/processes/pool/read-task.ts';
import { tempArchive, tempFolder } from '../../db/temp-archive.ts';
import { memoryLog } from '../../memory-log.ts';
import { until } from '../../until.ts';
import { TRIAL_READER } from './trial-program.ts';
import type { TrialReads, TrialStreams } from './trial-reader.ts';

/** Longer than any test, so no deadline ends a read. */
export const ASKED: ReadOptions = { caller: 'a', deadlineMs: 100_000 };

export interface PoolTrial {
  pool: ReaderPool<TrialReads, TrialStreams>;
  logged: Record<string, unknown>[];
  /** A path at which no file exists yet. */
  file(name: string): string;
}

/** Makes a pool on an empty archive, by default with one reader. The readers run trial-reader.ts. */
export function poolTrial(options: Partial<ReaderPoolOptions> = {}): PoolTrial {
  const { log, logged } = memoryLog();
  const folder = tempFolder();
  const pool = createReaderPool<TrialReads, TrialStreams>({
    archivePath: options.archivePath ?? tempArchive().sqlite.name,
    program: TRIAL_READER,
    ...{ readers: 1, longAtOnce: 1, readsPerCaller: 9, waitingPerCaller: 9, waitingInAll: 9, log },
    ...options,
  });
  onTestFinished(() => pool.close());
  return { pool, logged, file: (name) => join(folder, name) };
}

/** Returns all bytes of a stream, as text. */
export async function streamTextOf(body: ReadableStream<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of body) text += Buffer.from(chunk).toString();
  return text;
}

/** Waits for the file, and returns the number that a process has written into it. */
export async function numberIn(file: string): Promise<number> {
  await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
  return Number(readFileSync(file, 'utf8'));
}
