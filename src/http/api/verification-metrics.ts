import type { Metric } from '../../archive/read-metrics.ts';
import type { LastVerification } from '../../readers/start-verifications.ts';

/** The last verification in figures; without a sample until there was one. */
export function verificationMetrics(last: LastVerification | undefined): Metric[] {
  const one = (name: string, help: string, value: number | undefined): Metric => ({
    ...{ name: `ssm_archive_verify_${name}`, help },
    samples: value === undefined ? [] : [{ labels: {}, value }],
  });
  return [
    one(
      'intact',
      'Whether the last verification found the archive intact (1) or not (0).',
      last && Number(last.isIntact),
    ),
    one('completed_timestamp_seconds', 'When the last verification ended.', last && last.completedAtMs / 1000),
    one('duration_seconds', 'How long it took.', last && last.durationMs / 1000),
    one('leaves', 'Leaves of the ledger that it verified.', last?.leaves),
  ];
}
