import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Hono } from 'hono';
import { expect } from 'vitest';
import { z } from 'zod';
import type { AccessEnv } from '../../../src/access/caller.ts';

const json = z.record(z.string(), z.unknown());
const content = z.record(z.string(), z.looseObject({ schema: json }));
const operation = z.looseObject({
  responses: z.record(z.string(), z.looseObject({ description: z.string().min(1), content: content.optional() })),
});
const document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), json) }),
});

/**
 * Asserts that the OpenAPI document has the route, status, type and form of every reply under /v1, and that no reply
 * has a member that the document does not name.
 */
export function conformance(app: Hono<AccessEnv>) {
  const loaded = Promise.resolve(app.request('/openapi.json', { headers: { host: 'localhost' } })).then(async (reply) =>
    document.parse(await reply.json()),
  );
  const validators = new Map<string, ValidateFunction>();

  return async (method: string, path: string, reply: Response): Promise<void> => {
    const { paths, components } = await loaded;
    const [pathname = ''] = path.split('?');
    const template = Object.keys(paths).find((known) => patternOf(known).test(pathname));
    const found = template === undefined ? undefined : paths[template]?.[method.toLowerCase()];
    if (template === undefined || !found) return;
    const what = `${method} ${template} ${reply.status}`;
    if (reply.status === 304) return;
    const documented = found.responses[reply.status];
    expect(documented, `${what} is documented`).toBeDefined();
    if (reply.status === 204) return;
    const type = reply.headers.get('content-type')?.split(';')[0] ?? '';
    const schema = documented?.content?.[type]?.schema;
    expect(schema, `${what} as ${type} is documented`).toBeDefined();
    if (!schema || !type.endsWith('json') || type === 'application/x-ndjson') return;
    const name = `${what} ${type}`;
    let validate = validators.get(name);
    if (!validate) {
      const schemas = Object.fromEntries(
        Object.entries(components.schemas).map(([key, own]) => [key, closed(own, true)]),
      );
      validate = compile({ ...asObject(closed(schema, false)), components: { schemas } });
      validators.set(name, validate);
    }
    validate(await reply.json());
    expect(validate.errors ?? [], `${what} has the form that the OpenAPI document describes (${path})`).toEqual([]);
  };
}

function compile(schema: object): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

/**
 * A path such as `/v1/commands/{accountId}/…` as a regular expression. A parameter matches one segment, except that the
 * index of a tile matches the rest of the path.
 */
function patternOf(template: string): RegExp {
  return new RegExp(
    `^${template
      .replaceAll('.', '\\.')
      .replaceAll('{index}', '.+')
      .replaceAll(/\{\w+\}/g, '[^/]+')}$`,
  );
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/**
 * The schema, changed to reject members that it does not name. If it is a part of a larger schema, only the larger
 * schema rejects them.
 */
function closed(value: unknown, isPart: boolean): unknown {
  if (Array.isArray(value)) return value.map((entry) => closed(entry, false));
  if (typeof value !== 'object' || value === null) return value;
  const own = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key === 'allOf' && Array.isArray(inner)) return [key, inner.map((part) => closed(part, true))];
      if (key === 'example' || key === 'examples') return [key, inner];
      if (key === 'properties') return [key, closedEach(inner)];
      return [key, closed(inner, false)];
    }),
  );
  const isObject = '$ref' in value || 'allOf' in value || 'properties' in value;
  return isPart || !isObject || 'additionalProperties' in value ? own : { ...own, unevaluatedProperties: false };
}

function closedEach(properties: unknown): object {
  return Object.fromEntries(
    Object.entries(asObject(properties)).map(([name, schema]) => [name, closed(schema, false)]),
  );
}
