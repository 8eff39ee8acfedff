import type { Metric } from '../../../archive/shared/metric.ts';
import type { LastVerification } from '../../../processes/verify/start-verifications.ts';

const VERDICTS = ['intact', 'consistent', 'not-intact'] as const;

/** Metrics of the last verification. They have no samples before the first verification. */
export function verificationMetrics(last: LastVerification | undefined): Metric[] {
  const one = (name: string, help: string, value: number | undefined): Metric => ({
    ...{ name: `ssm_archive_verify_${name}`, help },
    samples: value === undefined ? [] : [{ labels: {}, value }],
  });
  return [
    one(
      'intact',
      '1 if the last verification found the archive intact, checked against a key or checkpoint from outside; else 0, and the verdict says why.',
      last && Number(last.isIntact),
    ),
    {
      name: 'ssm_archive_verify_verdict',
      help: 'The verdict of the last verification: 1 for exactly one of intact, consistent (the signer was not checked) and not-intact; 0 for the other two.',
      samples: VERDICTS.flatMap((verdict) =>
        last ? [{ labels: { verdict }, value: Number(last.verdict === verdict) }] : [],
      ),
    },
    one(
      'held_leaves',
      'How many leaves the last verification checked against a key or checkpoint from outside.',
      last?.heldLeaves,
    ),
    one('completed_timestamp_seconds', 'When the last verification ended.', last && last.completedAtMs / 1000),
    one('duration_seconds', 'How long the last verification took.', last && last.durationMs / 1000),
    one('leaves', 'How many leaves of the ledger the last verification checked.', last?.leaves),
    one(
      'sealed_leaves',
      'How many of these leaves have their rows in the lake alone, which the last verification did not read.',
      last?.sealed,
    ),
  ];
}
