import { expect } from 'vitest';
import { openArchive } from '../../../src/db/open.ts';
import { ACCOUNT, REGION, type Setting } from '../../end-to-end/run-cli.ts';
import { expectEqualToService } from '../../ingest/expect-equal.ts';

/** The archive has of the simulated account all that the service has, whatever else it was filled with. */
export function expectWholePass({ archive, simulator }: Setting): void {
  const db = openArchive(archive);
  try {
    expect(expectEqualToService(db, simulator, ACCOUNT, REGION)).toBeGreaterThan(0);
  } finally {
    db.close();
  }
}
