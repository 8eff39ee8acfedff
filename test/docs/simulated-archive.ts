import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { collectMonth } from '../simulator/collect-month.ts';

/**
 * Makes an archive of a simulated month. Call it at the top of a test file; after that file's tests the archive is
 * removed.
 */
export async function simulatedArchive(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-docs-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'archive.db');
  const simulator = await collectMonth(path);
  await simulator.close();
  return path;
}
