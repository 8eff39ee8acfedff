import { startService } from '../../../src/service/service.ts';
import { memoryLog } from '../../memory-log.ts';
import { COLLECTOR, configOf, READER, SQL_READER } from '../../service/start-server.ts';

/** Serves an archive that has no source: the test fills it in another way. `logged` returns the log so far, parsed. */
export async function serveArchive(path: string, now: () => Date) {
  const { log, logged } = memoryLog();
  const { url, stop } = await startService({
    config: { ...configOf(path, 'http://127.0.0.1:9'), sources: [] },
    ...{ log, now, collectorProgram: COLLECTOR, readerProgram: READER, sqlProgram: SQL_READER },
  });
  return { url, stop, logged };
}
