import type { TestContext } from 'vitest';
import type { Row } from '../unsealed-copies.ts';

/** An engine that reads a lake without the product. */
export interface EngineToAsk {
  title: string;
  /** The name of the lake's folder: with every character that the engine has a way to write. */
  folder: string;
  /** Why it can't be asked here; undefined if it can. */
  missing: string | undefined;
  /**
   * Makes the tables with what `ssm-archive lake ddl` prints for the lake, and resolves with the rows of each question.
   * `folder` is for files of the engine's own, and `test` is the test that asks.
   */
  ask(
    lake: string,
    questions: readonly string[],
    own: { folder: string; test: Pick<TestContext, 'signal'> },
  ): Promise<Row[][]>;
}
