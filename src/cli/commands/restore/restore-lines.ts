import type { Loss } from '../../../archive/file/backup/judge-loss.ts';
import type { KeyOfBackup } from '../../../archive/file/backup/key-of-backup.ts';
import type { Reach } from '../../../archive/file/backup/read-reach.ts';
import type { Restored } from '../../../archive/file/backup/restore-archive.ts';
import type { ArchivePlace } from '../../../archive/file/ensure-archive.ts';
import { isoFromMs } from '../../../lib/time.ts';
import { RETENTION_MS } from '../../../model/coverage/retention.ts';
import { bytes, counted } from '../../text/format.ts';
import { type Line, styled } from '../../text/line.ts';

export interface RestoreContext extends ArchivePlace {
  backup: string;
  /** Missing files of the installation that a backup never contains. */
  missing: readonly string[];
  nowMs: number;
}

/** Returns lines that say which backup was restored, up to which time it reaches, and what is missing. */
export function describeRestore(restored: Restored, context: RestoreContext): Line[] {
  const { bytes: size, reach, loss, key, setAside } = restored;
  const { db, backup, missing, nowMs } = context;
  const { leaves, root, checkpoint, lastPassAt, lastObservedAt, covered } = reach;
  const signed = checkpoint
    ? `${counted(checkpoint.size, 'leaf', 'leaves')}, at ${checkpoint.madeAt}, by ${checkpoint.origin}`
    : 'never';
  return [
    `Restored    ${db}, ${bytes(size)}, from ${backup}`,
    ...setAside.map(({ from, to }) => `Set aside   ${from} is ${to} now`),
    `Checked     SQLite finds nothing wrong${checkpoint ? ', and the newest checkpoint fits the ledger' : '; the backup has no checkpoint with which its ledger could be checked'}`,
    `Reaches to  the pass that ended at ${lastPassAt ?? '(none yet)'}; the newest state in the backup was seen at ${lastObservedAt ?? '(none)'}`,
    ...covered.flatMap(({ accountId, region, to }) => [
      `            ${accountId} ${region}: listed completely up to ${to}${gapOf(Date.parse(to), nowMs)}`,
    ]),
    `Ledger      ${counted(leaves, 'leaf', 'leaves')}${root === null ? '' : `; root ${root}`}`,
    `Signed      ${signed}`,
    ...keyLines(key, context.ledgerKey),
    ...lossLines(loss, reach),
    ...missing.map((path) => `Not there   ${path}: a backup never contains it. If you have a copy of it, put it back.`),
    'Next        ssm-archive verify, and then serve or ingest, which collects what the service still shows',
  ];
}

/** The service shows each invocation for 30 days after it was requested. */
function gapOf(toMs: number, nowMs: number): string {
  const cutoffMs = nowMs - RETENTION_MS;
  return toMs >= cutoffMs
    ? '; the service still shows what was requested since'
    : `; the service no longer shows what was requested from then to ${isoFromMs(cutoffMs)}`;
}

function keyLines({ state, signedBy }: KeyOfBackup, ledgerKey: string): Line[] {
  const renew = 'put it back there, or renew it: ssm-archive key renew';
  switch (state) {
    case 'same':
      return [`Key         ${ledgerKey} is the key that has signed this backup`];
    case 'missing':
      return [`Key         signed by ${signedBy} until now, and there is no key at ${ledgerKey}: ${renew}`];
    case 'other':
      return [`Key         signed by ${signedBy} until now, and ${ledgerKey} is another key: ${renew}`];
    case 'unreadable':
      return [
        `Key         signed by ${signedBy} until now; ${ledgerKey} can't be read, so it is not known whether it is the key of this backup`,
      ];
    case 'false':
      return [
        styled(
          'red',
          `KEY         the backup's newest checkpoint names ${ledgerKey}, but the signature is false: run ssm-archive verify`,
        ),
      ];
    case 'unsigned':
      return [];
  }
}

function lossLines(loss: Loss, { leaves, checkpoint }: Reach): Line[] {
  if (loss.kind === 'unknown')
    return loss.why === 'none'
      ? [
          'Lost        not known: there is no record beside the archive of what the key has signed. To find out, compare with a checkpoint that was kept elsewhere: ssm-archive verify --checkpoint FILE',
        ]
      : ['Lost        not known: the record of what the key has signed cannot be read'];
  const { origin, signed } = loss;
  const all = counted(signed, 'leaf', 'leaves');
  if (loss.kind === 'none')
    return [`Lost        nothing that was signed: ${origin} has signed ${all}, and all are in the backup`];
  const renew = 'Before anything is signed again, run: ssm-archive key renew --after-restore';
  if (loss.kind === 'leaves') {
    const which = loss.from === loss.to ? `leaf ${loss.from} is` : `leaves ${loss.from} to ${loss.to} are`;
    return [
      styled('red', `LOST        ${which} lost: ${origin} has signed ${all}, and this backup has ${leaves}`),
      '            What the service still shows is collected again, as new leaves.',
      `            ${renew}`,
    ];
  }
  const by = checkpoint === null ? 'by no key' : `last by ${checkpoint.origin}`;
  return [
    styled(
      'red',
      `LOST        none of the ${all} that ${origin} has signed is known to be in this backup, which is signed ${by}`,
    ),
    `            If it is a backup of this archive from before its key was renewed: ${renew}`,
    '            If it is a backup of another archive, the key here must sign nothing: move the key and its record away, and put the key and the record of that archive in their place',
  ];
}
