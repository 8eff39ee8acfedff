import type { SourceCoverage } from '../../../../archive/coverage/read-coverage.ts';
import { Time } from '../values/values.tsx';

type Judged = Pick<SourceCoverage, 'isComplete' | 'span'> & { covered: SourceCoverage['covered'] };

/**
 * The verdict of `/v1/coverage` on an account and region for a span: complete, not complete, or not collected at all.
 */
export function Verdict({ isComplete, span, covered, edges }: Judged & Pick<SourceCoverage, 'edges'>) {
  const isTouched = [...covered, ...edges].some(({ from, to }) => from < span.to && to > span.from);
  const word = isComplete ? 'Complete' : isTouched ? 'Not complete' : 'Not collected: nothing';
  return (
    <>
      {word} from <Time at={span.from} /> to <Time at={span.to} />
    </>
  );
}

/** Whether everything requested is complete, judged as in `/v1/coverage`. False if no source is owed. */
export function isAllComplete(coverage: readonly SourceCoverage[]): boolean {
  return coverage.length > 0 && coverage.every(({ isComplete }) => isComplete);
}

/** The address of the signed certificate of a span, for one account and region or for all. */
export function pathOfCertificate(asked: { account?: string; region?: string; from?: string; to?: string }): string {
  return `/v1/coverage/certificate?${new URLSearchParams({ ...asked, format: 'note' })}`;
}
