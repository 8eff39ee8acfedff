import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { NothingToCertify } from '../../archive/coverage/certificate/refuse-nothing.ts';
import { EvidenceEmpty } from '../../archive/evidence/evidence-empty.ts';
import { EvidenceUnseen } from '../../archive/evidence/unseen/evidence-unseen.ts';
import { NotInLake } from '../../archive/lake-alone/not-in-lake.ts';
import { SealedUnreadable } from '../../archive/sealed/sealed-unreadable.ts';
import { TooManySealedDays } from '../../archive/sealed/too-many-sealed-days.ts';
import { SigningRefused } from '../../ledger/notes/signing-refused.ts';
import { NotInTree } from '../../ledger/tree/create-prover.ts';
import { ArchiveMoved } from '../../lib/errors/archive-moved.ts';
import { isDiskFull } from '../../lib/errors/is-disk-full.ts';
import { faultsOf, memberPath } from '../../lib/words/own-words.ts';
import { ReadAborted, ReadQueueFull, ReadTimedOut } from '../../processes/pool/errors.ts';
import { ReportValuesInvalid } from '../../questions/reports/bind-report.ts';
import { SqlFault } from '../../questions/sql/sql-fault.ts';
import { ReportIsFixed, ReportNotFound, ReportsFileBusy, ReportsFileInvalid } from '../../reports/errors.ts';
import { type FieldFault, InvalidRequest, NotFound, NotInThisForm } from './api-error.ts';

const HEADERS = { 'content-type': 'application/problem+json' };
const DISK_FULL = 'The request cannot be done because the disk of the server is full. Try again when there is room.';
const BAD_REQUEST = 'Some parameters are wrong; see errors.';
/** A hostile body can have a hundred thousand faults, each with a very long name. */
const MOST_FAULTS = 50;
const MOST_NAME_CHARACTERS = 100;

/** The answer to parameters that zod refuses. It names each one and says what was expected. */
export function problemOfFaults(c: Context, error: z.ZodError): Response {
  // If only one of several values of a parameter is wrong, the answer still names just the parameter.
  return problemOfIssues(c, error, ([name]) => String(name ?? 'query'));
}

/** The answer to a body that zod refuses. It names each fault by its place, such as `parameters[0].default`. */
export function problemOfParts(c: Context, error: z.ZodError): Response {
  return problemOfIssues(c, error, (path) => memberPath(path) || 'body');
}

function problemOfIssues(c: Context, error: z.ZodError, fieldOf: (path: readonly PropertyKey[]) => string): Response {
  const faults = faultsOf(error, MOST_FAULTS).map(({ path, message, isUnknown, proposal = '' }): FieldFault => {
    const field = fieldOf(path);
    if (!isUnknown) return { field, message };
    const unknown = `is not a parameter here; /openapi.json lists the parameters`;
    return { field: shortened(field), message: proposal === '' ? unknown : `is not a parameter here.${proposal}` };
  });
  return badRequest(c, [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()]);
}

function shortened(name: string): string {
  return name.length > MOST_NAME_CHARACTERS ? `${name.slice(0, MOST_NAME_CHARACTERS)}…` : name;
}

/** The answer to one of the API's own errors, or undefined for any other error. */
export function problemOfError(c: Context, error: unknown): Response | undefined {
  if (error instanceof InvalidRequest) return badRequest(c, error.errors);
  if (error instanceof NotFound) return problem(c, 404, 'Not found', error.message);
  if (error instanceof NotInTree) return problem(c, 404, 'Not found', `${error.message}.`);
  if (error instanceof EvidenceUnseen)
    return problem(c, 404, 'Never seen', error.detail, {}, { neverSeen: error.neverSeen });
  if (error instanceof EvidenceEmpty) return problem(c, 404, 'Nothing to prove', error.detail);
  if (error instanceof NothingToCertify) return problem(c, 404, 'Nothing to certify', error.message);
  if (error instanceof NotInLake) return problem(c, 501, 'Not in a lake', error.message);
  if (error instanceof NotInThisForm) return problem(c, 422, 'Not available in this form', error.message);
  if (error instanceof ReportValuesInvalid) return badRequest(c, error.faults);
  if (error instanceof ReportNotFound) return problem(c, 404, 'Not found', error.message);
  if (error instanceof ReportIsFixed) return problem(c, 409, 'Cannot be changed', error.message);
  if (error instanceof ReportsFileBusy) {
    const detail = 'Other processes have been changing the saved reports for too long. Try again later.';
    return problem(c, 503, 'Saved reports are busy', detail, { 'retry-after': '10' });
  }
  if (error instanceof ReportsFileInvalid) {
    // Only the log gets the path of the file.
    c.get('log')?.error({ err: error }, 'The file of saved reports has faults.');
    const detail = `The file of saved reports has faults that somebody must correct: ${error.faults.join('; ')}.`;
    return problem(c, 500, 'Saved reports have faults', detail);
  }
  if (error instanceof SqlFault) return problemOfSql(c, error);
  // The framework itself refuses only a body that is not JSON.
  if (error instanceof HTTPException && error.status === 400)
    return badRequest(c, [{ field: 'body', message: 'must be JSON' }]);
  if (error instanceof ReadQueueFull) {
    const seconds = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
    return problem(c, 429, 'Too many questions', error.message, { 'retry-after': seconds });
  }
  if (error instanceof ReadTimedOut) {
    const detail = `${error.message} Ask for a shorter span, or for fewer things at a time.`;
    return problem(c, 504, 'Took too long', detail, {}, planOf(error.note));
  }
  if (isDiskFull(error)) {
    c.get('log')?.error({ err: error, path: c.req.path }, 'The disk is full.');
    return problem(c, 503, 'The disk is full', DISK_FULL, { 'retry-after': '30' });
  }
  if (error instanceof TooManySealedDays) return problem(c, 422, 'Spans too many sealed days', error.message);
  if (error instanceof SealedUnreadable) {
    c.get('log')?.error({ err: error, path: c.req.path }, 'Sealed days could not be read.');
    return problem(c, 503, 'Sealed days cannot be read', error.message, { 'retry-after': '30' });
  }
  if (error instanceof SigningRefused) return problem(c, 503, 'Not signed', error.message);
  if (error instanceof ArchiveMoved) return problem(c, 503, 'The archive was moved', error.message);
  if (error instanceof ReadAborted)
    return problem(c, 503, 'Given up', 'The client went away, or the server is stopping.');
  return undefined;
}

function badRequest(c: Context, errors: readonly FieldFault[]): Response {
  return c.json({ type: 'about:blank', title: 'Bad request', status: 400, detail: BAD_REQUEST, errors }, 400, HEADERS);
}

function problemOfSql(c: Context, { message, data: { kind, position } }: SqlFault): Response {
  if (kind === 'memory')
    return problem(c, 422, 'Took too much memory', `${message} Ask for fewer rows or shorter texts.`);
  return badRequest(c, [{ field: kind, message, ...(position && { position }) }]);
}

/** The answer to a body that is too large. */
export function problemOfLargeBody(c: Context, mostBytes: number): Response {
  return problem(c, 413, 'Too large', `The body may have at most ${mostBytes} bytes.`);
}

/** The query plan that was recorded before the query was stopped. */
function planOf(note: unknown): object {
  return Array.isArray(note) ? { plan: note } : {};
}

function problem(
  c: Context,
  status: 404 | 409 | 413 | 422 | 429 | 500 | 501 | 503 | 504,
  title: string,
  detail: string,
  headers: Record<string, string> = {},
  more: object = {},
): Response {
  return c.json({ type: 'about:blank', title, status, detail, ...more }, status, { ...HEADERS, ...headers });
}
