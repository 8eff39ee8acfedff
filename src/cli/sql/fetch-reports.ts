import { z } from 'zod';
import { PARAMETER_TYPES, type Report } from '../../lib/report.ts';
import { UserFault } from '../../lib/user-fault.ts';
import { explainRefusal, parseProblem } from './explain-refusal.ts';
import { sendRequest, wholeText } from './send-request.ts';

const parameter = z.object({
  name: z.string(),
  type: z.enum(PARAMETER_TYPES),
  description: z.string(),
  default: z.string().exactOptional(),
});
const listForm = z.object({
  items: z.array(
    z.object({ name: z.string(), description: z.string(), sql: z.string(), parameters: z.array(parameter) }),
  ),
});

/** The reports of a server. Throws UserFault. */
export async function fetchReports(url: URL, token: string | undefined): Promise<Report[]> {
  const reply = await sendRequest(new URL('v1/reports?format=json', url), { token });
  const text = await wholeText(reply);
  const { statusCode: status = 0, headers } = reply;
  if (status !== 200) {
    const refusal = { status, location: headers.location, problem: parseProblem(text), hasToken: token !== undefined };
    throw explainRefusal({ ...refusal, url, sql: '', width: 80 });
  }
  const list = listForm.safeParse(asJson(text));
  if (list.success) return list.data.items;
  throw new UserFault(`What ${url.href} answers is no list of reports. Is its version that of this command?`);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
