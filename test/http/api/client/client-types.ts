import { z } from 'zod';

const schema = z.looseObject({});
type Schema = z.output<typeof schema>;
const content = z.record(z.string(), z.looseObject({ schema }));
const operation = z.looseObject({
  parameters: z
    .array(z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().default(false), schema }))
    .default([]),
  responses: z.record(z.string(), z.looseObject({ content: content.default({}) })),
});
const document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), schema) }),
});

/** TypeScript types for an OpenAPI 3.1 document, in the form that openapi-fetch takes: `paths` and `components`. */
export function clientTypes(openApi: unknown): string {
  const { paths, components } = document.parse(openApi);
  const schemas = Object.entries(components.schemas).map(([name, own]) => `${name}: ${typeOf(own)};`);
  const routes = Object.entries(paths).map(
    ([path, methods]) => `${JSON.stringify(path)}: { ${Object.entries(methods).map(methodOf).join(' ')} };`,
  );
  return `export interface paths {\n${routes.join('\n')}\n}\nexport interface components { schemas: {\n${schemas.join('\n')}\n} }\n`;
}

function methodOf([method, { parameters, responses }]: [string, z.output<typeof operation>]): string {
  const places = ['query', 'path'].map((place) => {
    const own = parameters.filter((parameter) => parameter.in === place);
    if (own.length === 0) return `${place}?: never;`;
    const members = own.map(({ name, required, schema: of }) => `${name}${required ? '' : '?'}: ${typeOf(of)};`);
    return `${place}${own.some(({ required }) => required) ? '' : '?'}: { ${members.join(' ')} };`;
  });
  const replies = Object.entries(responses).map(([status, reply]) => {
    const types = Object.entries(reply.content).map(([type, of]) => `${JSON.stringify(type)}: ${typeOf(of.schema)};`);
    const body = types.length > 0 ? `content: { ${types.join(' ')} };` : 'content?: never;';
    return `${status}: { headers: { [name: string]: unknown }; ${body} };`;
  });
  return `${method}: { parameters: { ${places.join(' ')} }; requestBody?: never; responses: { ${replies.join(' ')} } };`;
}

function typeOf(own: Schema): string {
  if (typeof own.$ref === 'string') return `components['schemas'][${JSON.stringify(own.$ref.split('/').at(-1))}]`;
  if (Array.isArray(own.enum)) return own.enum.map((value) => JSON.stringify(value)).join(' | ');
  for (const [member, operator] of [
    ['allOf', ' & '],
    ['anyOf', ' | '],
    ['oneOf', ' | '],
  ] as const) {
    const parts = own[member];
    if (Array.isArray(parts)) return `(${parts.map((part) => typeOf(schema.parse(part))).join(operator)})`;
  }
  const types = Array.isArray(own.type) ? own.type : [own.type];
  return types.map((type) => plainTypeOf(type, own)).join(' | ');
}

function plainTypeOf(type: unknown, own: Schema): string {
  if (type === 'string' || type === 'boolean' || type === 'null') return type;
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array') return `(${typeOf(schema.parse(own.items ?? {}))})[]`;
  if (type !== 'object') return 'unknown';
  if (own.additionalProperties) return `{ [name: string]: ${typeOf(schema.parse(own.additionalProperties))} }`;
  const required = z.array(z.string()).default([]).parse(own.required);
  const members = Object.entries(z.record(z.string(), schema).default({}).parse(own.properties));
  return `{ ${members.map(([name, of]) => `${name}${required.includes(name) ? '' : '?'}: ${typeOf(of)};`).join(' ')} }`;
}
