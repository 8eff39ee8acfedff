import type { CreateColumnFile } from '../../../lib/columns/column-file.ts';
import type { FileFormat } from '../../../lib/media-types.ts';

/** Loads what writes files of this form. It is loaded only when it is asked for: most queries need none. */
export async function loadColumnFile(format: FileFormat): Promise<CreateColumnFile> {
  if (format === 'parquet') return (await import('../../../lib/columns/parquet-file.ts')).createParquetFile;
  return (await import('../../../lib/columns/arrow-file.ts')).createArrowFile;
}
