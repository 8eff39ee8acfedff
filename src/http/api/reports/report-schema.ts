import { z } from '@hono/zod-openapi';
import { PARAMETER_FILTERS } from '../../../questions/filter-groups.ts';
import { PARAMETER_TYPES } from '../../../questions/reports/report.ts';
import { SQL_ENGINES, USUAL_ENGINE } from '../../../questions/sql/sql-engine.ts';
import { enginesOfReport } from '../../../reports/engines-of-report.ts';
import type { ListedReport } from '../../../reports/reports-deps.ts';
import type { ApiReports } from '../api-deps.ts';

const parameterSchema = z
  .object({
    name: z.string(),
    type: z.enum(PARAMETER_TYPES),
    description: z.string(),
    default: z.string().optional().openapi({
      description:
        'Written as in a request: `-30d` counts from when the report is run. Without a default the caller must give a value.',
    }),
    filter: z.enum(PARAMETER_FILTERS).optional().openapi({
      description:
        'The filter whose values the parameter takes. An impossible value is a 400; neverSeen names a value that the archive has never seen.',
    }),
  })
  .openapi('ReportParameter', {
    example: { name: 'from', type: 'time', description: 'Start of the span of requested time.', default: '-30d' },
  });

export const reportSchema = z
  .object({
    name: z.string(),
    description: z.string(),
    origin: z.enum(['built-in', 'configured', 'saved']).openapi({
      description:
        'Whether the report ships with ssm-archive, is defined in archive.yaml, or was saved through the API.',
    }),
    parameters: z.array(parameterSchema),
    sql: z.string(),
    engine: z.enum(SQL_ENGINES).openapi({ description: 'The engine that runs the report.' }),
    engines: z.array(z.enum(SQL_ENGINES)).openapi({
      description: 'The engines that are known to answer its SQL, and to give the same answer.',
    }),
    schedules: z.array(z.string()).openapi({
      description:
        'The schedules on which the report is written to a folder: cron expressions in UTC. Empty if there are none.',
    }),
  })
  .openapi('Report', {
    example: {
      ...{ name: 'failed', description: 'Failed invocations since a time, the newest first.', origin: 'saved' },
      parameters: [{ name: 'from', type: 'time', description: 'Start of the span of requested time.', default: '-7d' }],
      sql: "SELECT * FROM invocations WHERE status = 'Failed' AND requested_at >= :from ORDER BY requested_at DESC",
      engine: 'archive',
      engines: ['archive'],
      schedules: ['0 6 * * *'],
    },
  });

/** A report as the API shows it. */
export function reportView(
  report: ListedReport,
  { deliveries }: Pick<ApiReports, 'deliveries'>,
): z.output<typeof reportSchema> {
  const { name, description, origin, parameters, sql, engine = USUAL_ENGINE } = report;
  const schedules = deliveries.filter((delivery) => delivery.report === name).map(({ schedule }) => schedule);
  return { name, description, origin, parameters, sql, engine, engines: enginesOfReport(report), schedules };
}
