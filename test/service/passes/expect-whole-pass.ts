import { expect } from 'vitest';
import { openArchive } from '../../../src/db/open.ts';
import { ACCOUNT, REGION, type Setting } from '../../end-to-end/run-cli.ts';
import { expectEqualToService } from '../../ingest/expect-equal.ts';

/** Expects that the archive has everything that the service has of the simulated account; it may have more. */
export function expectWholePass({ archive, simulator }: Setting): void {
  const db = openArchive(archive);
  try {
    expect(expectEqualToService(db, simulator, ACCOUNT, REGION)).toBeGreaterThan(0);
  } finally {
    db.close();
  }
}
