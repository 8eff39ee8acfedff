import { createRoute, z } from '@hono/zod-openapi';
import { accepts } from 'hono/accepts';
import { refuseNothing } from '../../../archive/coverage/certificate/refuse-nothing.ts';
import { noSpan } from '../../../questions/time/read-time.ts';
import { bytesResponse, problems } from '../answers/responses.ts';
import type { ApiApp } from '../api-app.ts';
import { type ApiDeps, readOptions } from '../api-deps.ts';
import { InvalidRequest } from '../api-error.ts';
import { filterParameters, time } from '../parameters/parameters.ts';
import { readFilter } from '../parameters/read-filter.ts';
import { certificateSchema } from './certificate-schema.ts';

const inPlace = { account: filterParameters.account, region: filterParameters.region };
const NOTE = 'ssm-archive/coverage-certificate v1\n{"asked":…}\n\n— ssm-archive/5f0c9d1e2a3b4c5d Qm9…\n';
const JSON_TYPE = 'application/json';
const NOTE_TYPE = 'text/plain';

const issuedSchema = z
  .object({ certificate: certificateSchema, note: z.string().openapi({ example: NOTE }) })
  .openapi('IssuedCertificate');

const certificateRoute = createRoute({
  method: 'get',
  path: '/v1/coverage/certificate',
  operationId: 'certifyCoverage',
  tags: ['Ledger'],
  summary: 'A signed certificate: whether the archive has all of a span, the proof, and what is missing',
  description:
    'As JSON: the certificate, and the signed note that contains it. As text/plain: only the note. If the ledger has grown since the last checkpoint, a new one is made first.',
  request: {
    query: z.strictObject({
      ...inPlace,
      from: time.optional().openapi({ type: 'string', description: 'Inclusive.', example: '2026-03-01' }),
      to: time.optional().openapi({ type: 'string', description: 'Exclusive.', example: '2026-04-01' }),
      format: z
        .enum(['json', 'note'])
        .optional()
        .openapi({ description: 'The form of the answer; overrides the Accept header.' }),
    }),
  },
  responses: {
    200: bytesResponse(NOTE_TYPE, NOTE, 'The certificate.', issuedSchema),
    ...problems(400, 401, 403, 404, 429, 504),
  },
});

/** `GET /v1/coverage/certificate`. */
export function addCertificateRoute(app: ApiApp, deps: ApiDeps): void {
  app.openapi(certificateRoute, async (c) => {
    const { account, region, from, to, format } = c.req.valid('query');
    const place = readFilter({ account, region }, deps);
    if (from !== undefined && to !== undefined && from >= to) {
      const message = noSpan({ name: 'from', at: from }, { name: 'to', at: to });
      throw new InvalidRequest([{ field: 'to', message }]);
    }
    const query = {
      ...{ accountId: place.account, region: place.region, nowMs: deps.now().getTime(), settlingMs: deps.settlingMs },
      ...(from !== undefined && { from: Date.parse(from) }),
      ...(to !== undefined && { to: Date.parse(to) }),
    };
    const found = await deps.readers.read('certifyCoverage', query, readOptions(c, deps.readDeadlineMs));
    refuseNothing(found);
    const issued = await deps.issueCertificate(found);
    const supports = [JSON_TYPE, NOTE_TYPE];
    const type =
      format === undefined
        ? accepts(c, { header: 'Accept', supports, default: JSON_TYPE })
        : format === 'json'
          ? JSON_TYPE
          : NOTE_TYPE;
    c.set('rows', found.places.length);
    const headers = { vary: 'Accept', 'cache-control': 'no-store' };
    if (type === JSON_TYPE) return c.json(issued, 200, headers);
    return c.body(issued.note, 200, { ...headers, 'content-type': 'text/plain; charset=utf-8' });
  });
}
