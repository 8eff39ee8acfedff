import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { apiTrial } from '../api-trial.ts';

const api = apiTrial();
const media = z.looseObject({ schema: z.looseObject({}), example: z.unknown().optional() });
const operation = z.looseObject({
  operationId: z.string().min(1),
  summary: z.string().min(1),
  tags: z.array(z.string()).min(1),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.string(),
        description: z.string().optional(),
        schema: z.looseObject({}),
      }),
    )
    .default([]),
  responses: z.record(
    z.string(),
    z.looseObject({ description: z.string().min(1), content: z.record(z.string(), media).default({}) }),
  ),
});
const form = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.record(z.string(), operation)) });
const raw = z.record(z.string(), z.unknown()).parse(await (await api.app.request('/openapi.json')).json());
const document = form.parse(raw);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({ path, method, ...described })),
);

describe('/openapi.json', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(await new Validator().validate(raw)).toEqual({ valid: true });
  });

  it('describes each route under /v1, and no other', () => {
    const templates = api.app.routes
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1/'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{\.\+\})?/g, '{$1}')}`);
    const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(described.sort()).toEqual([...new Set(templates)].sort());
    expect(described.length).toBeGreaterThan(15);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(described.length);
  });

  it.each(operations)(
    'describes $method $path with its parameters, errors and examples',
    ({ path, parameters, responses }) => {
      for (const { name, in: place, description, schema } of parameters) {
        const isPlain = place === 'path' || description !== undefined || 'enum' in schema;
        expect(isPlain, `${path}: ${name} is described`).toBe(true);
      }
      expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      );
      for (const status of ['400', '401', '403', '500', '503']) expect(Object.keys(responses)).toContain(status);
      for (const [status, { content }] of Object.entries(responses)) {
        for (const [type, { example, schema }] of Object.entries(content)) {
          const hasExample = example !== undefined || JSON.stringify(resolved(schema)).includes('"example"');
          expect(hasExample, `${path} ${status} ${type} has an example`).toBe(true);
          if (Number(status) >= 400) expect(type).toBe('application/problem+json');
        }
      }
    },
  );
});

/** The schema with every reference replaced by its target. */
function resolved(schema: unknown): unknown {
  const { components } = z
    .looseObject({ components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }) })
    .parse(raw);
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? components.schemas[value.split('/').at(-1) ?? ''] : value,
  );
}
