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
    one('disk_free_bytes', 'What the server may still fill of the disk that the archive is on.', freeBytes),
    one(
      'signing_refused',
      'Whether something keeps the ledger from being signed (1) or not (0). What is collected is kept.',
      Number(signing.fault !== null),
    ),
  ];
}
