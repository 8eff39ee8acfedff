import { expect, it } from 'vitest';
import { parseSchemaPage } from '../../../src/questions/sql/parse-schema-page.ts';

it('the parsed page has the description, columns and indexes of each section, and nothing that follows them', () => {
  const page = `# Tables

Of all.

## a

One row: a thing,
as seen.

| column | what it is |
| --- | --- |
| \`id\` | its \`number\`: 1 \\| 2 |
| \`at\` | when |

| index | what it serves |
| --- | --- |
| \`a_at\` | the newest |

More, with a table:

| other | thing |
| --- | --- |
| \`x\` | y |

## b

Nothing but prose.
`;
  expect([...parseSchemaPage(page)]).toEqual([
    [
      'a',
      {
        description: 'One row: a thing, as seen.',
        columns: new Map([
          ['id', 'its `number`: 1 \\| 2'],
          ['at', 'when'],
        ]),
        indexes: new Map([['a_at', 'the newest']]),
      },
    ],
    ['b', { description: 'Nothing but prose.', columns: new Map(), indexes: new Map() }],
  ]);
  expect([...parseSchemaPage(page.replaceAll('\n', '\r\n'))]).toEqual([...parseSchemaPage(page)]);
});
