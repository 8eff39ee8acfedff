import type { Database } from 'better-sqlite3';
import { connectToRead } from '../../src/db/reading/connect-to-read.ts';
import { openSealedDays } from '../../src/lake/read/open-sealed-days.ts';
import { onTestEnd } from '../on-test-end.ts';

/** Opens the sealed days of an archive in a lake's folder, until the test ends. */
export function openSealed(sqlite: Database, lake: string) {
  const sealed = openSealedDays({
    place: { location: lake, cacheFolder: '', cacheBytes: 0 },
    connect: () => connectToRead(sqlite.name, 'usual', 5000),
  });
  onTestEnd(() => sealed.close());
  return sealed;
}
