import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The slowest files, the slowest first. Vitest would start some of them last, and at the end run them alone. */
const LONGEST = [
  'test/browser/console.test.ts',
  'test/package/installed.test.ts',
  'test/deploy/container/image.test.ts',
  'test/bench/benchmarks.test.ts',
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
