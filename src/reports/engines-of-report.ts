import type { Report } from '../questions/reports/report.ts';
import { type SqlEngine, USUAL_ENGINE } from '../questions/sql/sql-engine.ts';

/** Returns the engines that are known to answer a report's SQL, and to give the same answer. */
export function enginesOfReport({ engine = USUAL_ENGINE, inLake }: Pick<Report, 'engine' | 'inLake'>): SqlEngine[] {
  return inLake === 'same' ? ['archive', 'lake'] : [engine];
}
