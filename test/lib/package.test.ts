import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { UserFault } from '../../src/lib/errors/user-fault.ts';
import { packageRoot, packageVersion } from '../../src/lib/process/package-root.ts';
import { sha256 } from '../../src/lib/sha256.ts';

it("the package's folder has its migrations and its version", () => {
  expect(existsSync(join(packageRoot(), 'migrations', 'meta', '_journal.json'))).toBe(true);
  expect(packageVersion()).toMatch(/^\d+\.\d+\.\d+/);
});

it('a digest is the SHA-256 of the UTF-8 bytes', () => {
  for (const text of ['', 'abc', '€🎉\u0000']) {
    expect(sha256(text)).toEqual(createHash('sha256').update(Buffer.from(text, 'utf8')).digest());
  }
});

it('a UserFault has exit code 1, or the exit code that it is made with', () => {
  const cause = new Error('why');
  expect(new UserFault('x')).toMatchObject({ exitCode: 1, name: 'UserFault' });
  expect(new UserFault('x', { exitCode: 2, cause })).toMatchObject({ exitCode: 2, cause, message: 'x' });
});
