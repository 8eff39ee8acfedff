/** Licences under which a bundled copy may be passed on with their texts, by their names in SPDX. */
export const ALLOWED_LICENCES = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
];

export interface TextElsewhere {
  /** The package, by its name. */
  name: string;
  /** A file of this project that has the text. */
  file: string;
  /** How we know that this is the text. */
  because: string;
}

/** Packages that are published without the text of their licence. */
export const TEXTS_ELSEWHERE: readonly TextElsewhere[] = [
  ...['credential-provider-http', 'credential-provider-login', 'nested-clients'].map((name) => ({
    name: `@aws-sdk/${name}`,
    file: 'node_modules/@aws-sdk/client-ssm/LICENSE',
    because: 'It comes from the repository of @aws-sdk/client-ssm, whose text this is.',
  })),
  ...['zod-openapi', 'zod-validator'].map((name) => ({
    name: `@hono/${name}`,
    file: 'node_modules/hono/LICENSE',
    because: 'Its repository has no text either, but says MIT; its authors are those of hono, whose text this is.',
  })),
  {
    name: 'drizzle-orm',
    file: 'LICENSE',
    because: 'Its repository has the text of Apache-2.0 without a change, as this project has it.',
  },
];
