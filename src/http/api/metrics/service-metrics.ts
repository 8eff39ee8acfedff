import type { Metric } from '../../../archive/shared/metric.ts';
import type { SigningState } from '../../../archive/signing/read-signing.ts';

/** Metrics of the server. */
export function serviceMetrics(
  unreadiness: string | undefined,
  freeBytes: number,
  signing: Pick<SigningState, 'fault'>,
): Metric[] {
  const one = (name: string, help: string, value: number): Metric => ({
    ...{ name: `ssm_archive_${name}`, help },
    samples: [{ labels: {}, value }],
  });
  return [
    one(
      'ready',
      'Whether /readyz says that the server can do its work (1) or not (0).',
      Number(unreadiness === undefined),
    ),
    one('disk_free_bytes', 'How many more bytes the server may write to the disk of the archive.', freeBytes),
    one(
      'signing_refused',
      'Whether the ledger cannot be signed at present (1) or can be (0). New data is kept in both cases.',
      Number(signing.fault !== null),
    ),
  ];
}
