import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest, the longest first. Without it small files come last, and what they take is waited for alone. */
const LONGEST = [
  'test/browser/console.test.ts',
  'test/package/installed.test.ts',
  'test/deploy/container/image.test.ts',
  'test/bench/benchmarks.test.ts',
];

/** Long files first, whichever project they are of: both workers then end at about the same time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification, file: string) => moduleId.endsWith(`/${file}`);
    const first = LONGEST.flatMap((file) => sorted.filter((spec) => isLong(spec, file)));
    return [...first, ...sorted.filter((spec) => !first.includes(spec))];
  }
}
