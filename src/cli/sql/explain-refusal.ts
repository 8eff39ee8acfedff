import { z } from 'zod';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { SqlFault } from '../../questions/sql/sql-fault.ts';
import { redirectTarget } from '../../upstream/calls/redirect-target.ts';
import { describeFault, describePlan } from './describe-fault.ts';

const position = z.object({ offset: z.int(), line: z.int().min(1), column: z.int().min(1) });
const problemForm = z.object({
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string(), position: position.optional() })).default([]),
  plan: z.array(z.string()).default([]),
});

type Problem = z.output<typeof problemForm>;

/** What this command calls the members of the question. */
const OPTIONS: Readonly<Record<string, string>> = {
  ...{ timeoutMs: '--timeout (in milliseconds)', limit: '--limit', engine: 'On the server, the engine' },
};

interface Refusal {
  status: number;
  location: string | undefined;
  /** The address that the request was sent to. */
  asked: URL;
  problem: Problem | undefined;
  hasToken: boolean;
  url: URL;
  sql: string;
  width: number;
}

/** Returns a server's problem (RFC 9457); undefined if the text is not a problem. */
export function parseProblem(text: string): Problem | undefined {
  try {
    return problemForm.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * Returns an error that says, in the server's own words, why it did not answer a query, and what to do. The exit code
 * is 2 if the call was wrong.
 */
export function explainRefusal(refusal: Refusal): UserFault {
  const { status, problem, hasToken, url } = refusal;
  const said = problem ? ` ${problem.detail}` : '';
  const wrongCall = (sentence: string | string[]) => new UserFault(sentence, { exitCode: 2 });
  if (status === 400 && problem) return wrongCall(faultsOf(problem, refusal));
  if (status === 401)
    return wrongCall(
      hasToken
        ? `The server does not accept the token.${said}`
        : `The server wants a token: set SSM_ARCHIVE_TOKEN, or give --token. On the server, "ssm-archive token create --role sql" makes one.`,
    );
  if (status === 403) return wrongCall(`The server refuses.${said}`);
  if (status >= 300 && status < 400) return wrongCall(redirectSentence(refusal));
  if (status === 404 && problem && said.includes('report')) return wrongCall(said.trim());
  if (status === 404 || status === 405 || status === 200 || !problem) {
    const found = status === 200 ? 'its reply is not an answer to SQL' : `it answers ${status}`;
    return new UserFault(
      `${url.href} is not an ssm-archive server that answers SQL, or something stands in front of it: ${found}.`,
    );
  }
  const plan = problem.plan.length > 0 ? describePlan(problem.plan) : [];
  return new UserFault([`The server answered ${status}.${said}`, ...plan]);
}

/** No redirect is followed: the token must be sent only to the address that was given. */
function redirectSentence({ status, location, asked, url }: Refusal): string {
  const to = redirectTarget(location, asked.href);
  const redirects = `${url.origin} redirects ${to === undefined ? 'without saying where' : `to ${to}`} (${status}). No redirect is followed`;
  const path = asked.pathname.slice(url.pathname.length);
  if (to?.endsWith(`/${path}`)) return `${redirects}: if that is the server, give --url ${to.slice(0, -path.length)}`;
  return `${redirects}: give the server's own address as --url. Something in front of it may want a login first.`;
}

function faultsOf(problem: Problem, { sql, width }: Refusal): string[] {
  const sentences = problem.errors.flatMap((error) => {
    const { field, message } = error;
    if (field === 'sql' || field === 'params')
      return describeFault(sql, new SqlFault(message, { kind: field, position: error.position }), width);
    return [`${OPTIONS[field] ?? field} ${message}.`];
  });
  return sentences.length > 0 ? sentences : [problem.detail];
}
