import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../lib/process/package-root.ts';
import { parseSchemaPage, type SchemaSection } from './parse-schema-page.ts';

/** The sections of the docs/schema.md that came with this package. Throws where it is missing. */
export function readSchemaPage(): ReadonlyMap<string, SchemaSection> {
  return parseSchemaPage(readFileSync(join(packageRoot(), 'docs', 'schema.md'), 'utf8'));
}
