import { z } from '@hono/zod-openapi';
import type { MemberList } from '../../model/members.ts';

export const at = z.iso.datetime().openapi({ example: '2026-03-01T09:30:00.000Z' });

const FORMS = {
  text: z.string().nullable(),
  integer: z.int().nullable(),
  flag: z.boolean().nullable(),
  time: at.nullable(),
  list: z.array(z.unknown()).nullable(),
  object: z.record(z.string(), z.unknown()).nullable(),
};

type Shape<List extends MemberList> = {
  [Name in keyof List as List[Name]['kind'] extends keyof typeof FORMS
    ? Name
    : never]: (typeof FORMS)[List[Name]['kind'] & keyof typeof FORMS];
};

/** What the OpenAPI document says about a member, besides its name and form. */
interface Said {
  example?: string | number | boolean | string[];
  description?: string;
}

type Sayings<List extends MemberList> = { readonly [Name in keyof List]?: Said };

/**
 * Returns the schemas of the members in a list, in the same order, with descriptions of some. The schemas in `output`
 * take the place of a member of the kind `output`.
 */
export function memberShape<List extends MemberList>(list: List, said: Sayings<List>): Shape<List>;
export function memberShape<List extends MemberList, Output extends z.ZodRawShape>(
  list: List,
  said: Sayings<List>,
  output: Output,
): Shape<List> & Output;
export function memberShape(
  list: MemberList,
  said: Readonly<Record<string, Said | undefined>>,
  output: z.ZodRawShape = {},
): z.ZodRawShape {
  const entries = Object.entries(list).flatMap(([name, { kind }]): [string, z.ZodRawShape[string]][] => {
    if (kind === 'output') return Object.entries(output);
    const form: z.ZodType = FORMS[kind];
    return [[name, form.openapi({ ...said[name] })]];
  });
  return Object.fromEntries(entries);
}
