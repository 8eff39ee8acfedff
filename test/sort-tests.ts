import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The slowest files, the slowest first. Vitest knows only how large a file is, so it would start some of them last, and
 * then one worker would run them while the other has nothing to do.
 */
const LONGEST = [
  'test/browser/console.test.ts',
  'test/package/installed.test.ts',
  'test/deploy/container/image.test.ts',
  'test/bench/benchmarks.test.ts',
  'test/engines/engines.test.ts',
  'test/cli/interrupted.test.ts',
  'test/docs/contributing.test.ts',
  'test/service/files/own-files.test.ts',
  'test/archive/file/own-files/settle-files.test.ts',
  'test/reading/changes-nothing.test.ts',
  'test/cli/hostile/words.test.ts',
  'test/processes/sql/hostile-queries.test.ts',
  'test/questions/sql-files-everywhere.test.ts',
];

/** Starts the slowest files first, whatever their project is. Then both workers end at about the same time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification, file: string) => moduleId.endsWith(`/${file}`);
    const first = LONGEST.flatMap((file) => sorted.filter((spec) => isLong(spec, file)));
    return [...first, ...sorted.filter((spec) => !first.includes(spec))];
  }
}
