import { z } from 'zod';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { PARAMETER_FILTERS } from '../../questions/filter-groups.ts';
import { PARAMETER_TYPES, type Report } from '../../questions/reports/report.ts';
import { SQL_ENGINES } from '../../questions/sql/sql-engine.ts';
import { OUTGOING } from '../../upstream/calls/outgoing.ts';
import { explainRefusal, parseProblem } from './explain-refusal.ts';
import { sendRequest, wholeText } from './send-request.ts';

const parameter = z.object({
  name: z.string(),
  type: z.enum(PARAMETER_TYPES),
  description: z.string(),
  default: z.string().exactOptional(),
  filter: z.enum(PARAMETER_FILTERS).exactOptional(),
});
const listForm = z.object({
  items: z.array(
    z.object({
      ...{ name: z.string(), description: z.string(), sql: z.string(), parameters: z.array(parameter) },
      ...{ engine: z.enum(SQL_ENGINES).optional(), engines: z.array(z.enum(SQL_ENGINES)).default([]) },
    }),
  ),
});

/** Returns the reports of a server. Throws UserFault if the server does not send them. */
export async function fetchReports(
  url: URL,
  token: string | undefined,
  onSilence: (sentence: string) => void,
): Promise<Report[]> {
  const asked = new URL('v1/reports?format=json', url);
  const signal = AbortSignal.timeout(OUTGOING.reportList.wholeMs);
  const reply = await sendRequest(asked, { token, signal, onSilence });
  const text = await wholeText(reply);
  const { statusCode: status = 0, headers } = reply;
  if (status !== 200) {
    const problem = parseProblem(text);
    const refusal = { status, location: headers.location, asked, problem, hasToken: token !== undefined };
    throw explainRefusal({ ...refusal, url, sql: '', width: 80 });
  }
  const list = listForm.safeParse(asJson(text));
  if (list.success)
    return list.data.items.map(({ engines, ...report }) => ({
      ...report,
      ...(engines.length > 1 && { inLake: 'same' }),
    }));
  throw new UserFault(
    `${url.href} answers, but not with a list of reports. Does the server have the same version as this command?`,
  );
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
