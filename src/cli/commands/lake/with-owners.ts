import { dirname } from 'node:path';
import { makeWorkFolder } from '../../../archive/evidence/work-folder.ts';
import { settleArchiveNumber } from '../../../archive/number/settle-archive-number.ts';
import { originsOf } from '../../../archive/signing/origins-of.ts';
import { loadConfig } from '../../../config/load-config.ts';
import { holdLease } from '../../../ingest/passes/hold-lease.ts';
import { faultOfSchedule } from '../../../ingest/schedule.ts';
import { ownNumber } from '../../../lake/owners/own-number.ts';
import type { OwnerDeps } from '../../../lake/owners/owner-deps.ts';
import { openStore } from '../../../lake/store/open-store.ts';
import { holdOwnFiles } from '../../archive/own-files.ts';
import { openToWrite } from '../../archive/write-archive.ts';
import { stopSignal, type Terminal } from '../../terminal.ts';
import { lakeOf } from '../seal/lake-of.ts';

/**
 * Opens the archive and the lake, and works on what this archive owns there, while no other process seals: what is
 * released must not be sealed at the same moment.
 */
export async function withOwners<Result>(
  terminal: Terminal,
  work: (deps: OwnerDeps) => Promise<Result>,
): Promise<Result> {
  const read = loadConfig(faultOfSchedule);
  const { location } = lakeOf(read.config);
  const { signal } = stopSignal(terminal, 'Stopping; run it again to go on.');
  const { config, release: releaseFiles } = holdOwnFiles(read, ['ledgerKey']);
  const closing: (() => void)[] = [releaseFiles];
  try {
    const db = await openToWrite(config.db, terminal, signal);
    closing.unshift(() => db.close());
    const now = () => new Date();
    settleArchiveNumber(db.sqlite, config.archiveNumber, now().toISOString());
    const lease = await holdLease({ db, name: 'seal', now, signal });
    closing.unshift(lease.release);
    const store = await openStore(location, { signal });
    closing.unshift(() => store.close());
    const folder = makeWorkFolder(dirname(config.db), 'sealing');
    closing.unshift(folder.remove);
    const origins = originsOf(db.sqlite, config.ledgerKey);
    const deps: OwnerDeps = { sqlite: db.sqlite, store, folder: folder.path, now, origins: () => origins };
    await ownNumber(deps);
    return await work(deps);
  } finally {
    for (const close of closing) close();
  }
}
