import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../lib/process/package-root.ts';
import { parseSchemaPage, type SchemaSection } from './parse-schema-page.ts';

/** Returns the sections of this package's docs/schema.md. Throws if the file is missing. */
export function readSchemaPage(): ReadonlyMap<string, SchemaSection> {
  return parseSchemaPage(readFileSync(join(packageRoot(), 'docs', 'schema.md'), 'utf8'));
}
