import { existsSync } from 'node:fs';
import {
  type CutOutputs,
  countQueue,
  type NamedPlace,
  readCutOutputs,
} from '../../../archive/outputs/read-cut-outputs.ts';
import type { Config } from '../../../config/config.ts';
import { openArchiveReadOnly } from '../../../db/open.ts';
import type { Check } from '../../../ingest/check-source.ts';
import { isoFromMs } from '../../../lib/time.ts';
import { RETENTION_MS } from '../../../model/coverage/retention.ts';
import { count, counted } from '../../text/format.ts';

const WHAT = 'full outputs';

/**
 * Says what full outputs would need where they are not configured, and else how far they are. Returns no check if the
 * archive can't be read.
 */
export function checkFullOutputs({ db: path, fullOutputs }: Config, nowMs: number): Check[] {
  if (!existsSync(path)) return [];
  try {
    const db = openArchiveReadOnly(path);
    try {
      if (!fullOutputs) {
        const cut = readCutOutputs(db.sqlite, isoFromMs(nowMs - RETENTION_MS));
        return [{ what: WHAT, state: 'ok', detail: needsOf(cut) }];
      }
      const { waiting, denied, gaveUp } = countQueue(db.sqlite);
      const detail = `${count(waiting)} wait to be fetched, ${count(denied)} of them denied; ${count(gaveUp)} were given up. The table output_queue has the reasons.`;
      return [{ what: WHAT, state: denied > 0 ? 'warning' : 'ok', detail }];
    } finally {
      db.close();
    }
  } catch {
    // Another check, of the archive's file, says what is wrong with the file.
    return [];
  }
}

function needsOf({ steps, cut, buckets, logGroups }: CutOutputs): string {
  const found = `not fetched. The service lists ${count(cut)} of the ${counted(steps, 'step')} of the last 30 days with a part of the output.`;
  if (cut === 0) return found;
  const places = [
    `get needs ssm:GetCommandInvocation and ${counted(cut, 'call')}`,
    ...(buckets.length > 0 ? [`s3 needs s3:GetObject on the buckets that commands named (${named(buckets)})`] : []),
    ...(logGroups.length > 0 ? [`logs needs logs:GetLogEvents on their log groups (${named(logGroups)})`] : []),
  ];
  return `${found} To fetch the rest, set fullOutputs in archive.yaml: ${places.join('; ')}.`;
}

function named(places: readonly NamedPlace[]): string {
  return places.map(({ name, steps }) => `${name}: ${counted(steps, 'step')}`).join(', ');
}
