import type { Command } from '@commander-js/extra-typings';
import { readArchiveNumber } from '../../../archive/number/read-archive-number.ts';
import { loadConfig } from '../../../config/load-config.ts';
import { openArchiveReadOnly } from '../../../db/open.ts';
import { faultOfSchedule } from '../../../ingest/schedule.ts';
import { type LakeOwnership, listOwners } from '../../../lake/owners/list-owners.ts';
import { openStore } from '../../../lake/store/open-store.ts';
import { stopSignal, type Terminal } from '../../terminal.ts';
import { table } from '../../text/format.ts';
import { lakeOf } from '../seal/lake-of.ts';

/** `lake claims`: lists the archives of a lake, and what each of them owns. */
export function addLakeClaims(lake: Command, terminal: Terminal): void {
  lake
    .command('claims')
    .description('list the archives of the lake, and which of them owns which accounts and regions')
    .option('--json', 'print as JSON')
    .action(async ({ json }) => {
      const { config } = loadConfig(faultOfSchedule);
      const { location } = lakeOf(config);
      const own = numberOf(config.db);
      const store = await openStore(location, stopSignal(terminal, 'Stopping.'));
      try {
        const owners = await listOwners(store);
        if (json) terminal.json({ lake: location, thisArchive: own, ...owners });
        else terminal.out(describeOwners(owners, own, terminal));
      } finally {
        store.close();
      }
    });
}

function numberOf(path: string): number {
  const db = openArchiveReadOnly(path);
  try {
    return readArchiveNumber(db.sqlite);
  } finally {
    db.close();
  }
}

function describeOwners({ archives, places }: LakeOwnership, own: number, terminal: Terminal): string[] {
  if (archives.length === 0) return ['No archive has sealed or claimed anything in this lake yet.'];
  return [
    ...table(
      ['ARCHIVE', 'LEDGER SIGNED BY', 'SINCE'],
      archives.map(({ archive, origin, since }) => [nameOf(archive, own), origin, since]),
      terminal.outWidth,
    ),
    '',
    ...table(
      ['ACCOUNT', 'REGION', 'ARCHIVE', 'STATE', 'SINCE', 'BEFORE'],
      places.map(({ accountId, region, archive, state, at, until, before }) => [
        ...[accountId, region, nameOf(archive, own), state, at],
        state === 'released' && until !== null
          ? `before ${until}: archive ${archive}`
          : before === null
            ? '-'
            : `before ${before.day}: archive ${before.archive}`,
      ]),
      terminal.outWidth,
    ),
  ];
}

function nameOf(archive: number, own: number): string {
  return archive === own ? `${archive} (this one)` : String(archive);
}
