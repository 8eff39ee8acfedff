import type { Metric } from '../../../archive/shared/metric.ts';
import type { LastVerification } from '../../../processes/verify/start-verifications.ts';

const VERDICTS = ['intact', 'consistent', 'not-intact'] as const;

/** Metrics of the last verification; without samples until there was one. */
export function verificationMetrics(last: LastVerification | undefined): Metric[] {
  const one = (name: string, help: string, value: number | undefined): Metric => ({
    ...{ name: `ssm_archive_verify_${name}`, help },
    samples: value === undefined ? [] : [{ labels: {}, value }],
  });
  return [
    one(
      'intact',
      'Whether the last verification found the archive intact, checked against a key or checkpoint from outside (1), or not (0); the verdict says why not.',
      last && Number(last.isIntact),
    ),
    {
      name: 'ssm_archive_verify_verdict',
      help: 'What the last verification came to: 1 for one of intact, consistent (its signer was not checked) and not-intact, 0 for the others.',
      samples: VERDICTS.flatMap((verdict) =>
        last ? [{ labels: { verdict }, value: Number(last.verdict === verdict) }] : [],
      ),
    },
    one('held_leaves', 'Leaves of it that are checked against a key or checkpoint from outside.', last?.heldLeaves),
    one('completed_timestamp_seconds', 'When the last verification ended.', last && last.completedAtMs / 1000),
    one('duration_seconds', 'How long it took.', last && last.durationMs / 1000),
    one('leaves', 'Leaves of the ledger that it verified.', last?.leaves),
  ];
}
