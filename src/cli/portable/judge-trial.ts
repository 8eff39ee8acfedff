import type { Report } from '../../questions/reports/report.ts';

/**
 * Says why a report is not portable, as a person reads it; undefined if it is. Of a report that ships it is known why the
 * lake refuses it: any other refusal is named, since it may hide an error.
 */
export function judgeTrial({ inLake }: Pick<Report, 'inLake'>, why: string | undefined): string | undefined {
  if (why === undefined || inLake === undefined || inLake === 'same') return why;
  const isKnown = why.startsWith(REFUSED_BY_LAKE) && why.includes(inLake.refusal);
  return isKnown ? `it needs ${inLake.needs}` : `it is known to need ${inLake.needs}, but here ${why}`;
}

/** How the reason of a trial begins in which the lake refused the SQL. */
export const REFUSED_BY_LAKE = 'the lake refuses it: ';
