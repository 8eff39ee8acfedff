import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The slowest files, the slowest first. Vitest would start small files last, and then wait for these alone. */
const LONGEST = [
  'test/browser/console.test.ts',
  'test/package/installed.test.ts',
  'test/deploy/container/image.test.ts',
  'test/bench/benchmarks.test.ts',
];

/** Starts long files first, in whichever project they are. Then both workers end at about the same time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification, file: string) => moduleId.endsWith(`/${file}`);
    const first = LONGEST.flatMap((file) => sorted.filter((spec) => isLong(spec, file)));
    return [...first, ...sorted.filter((spec) => !first.includes(spec))];
  }
}
