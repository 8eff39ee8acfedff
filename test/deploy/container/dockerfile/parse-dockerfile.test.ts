import { describe, expect, it } from 'vitest';
import { parseDockerfile } from './parse-dockerfile.ts';

describe('parseDockerfile', () => {
  it('joins continued lines, and skips comments between them', () => {
    const [stage] = parseDockerfile('FROM debian:bookworm-slim AS base\nRUN a \\\n  # why\n  && b\nEXPOSE 8420\n');
    expect(stage).toEqual({
      base: 'debian:bookworm-slim',
      name: 'base',
      instructions: [
        { kind: 'run', command: 'a && b', caches: [] },
        { kind: 'expose', port: 8420 },
      ],
    });
  });

  it('leaves the digest of an image out', () => {
    expect(parseDockerfile(`FROM debian:bookworm-slim@sha256:${'0a'.repeat(32)} AS base`)[0]).toMatchObject({
      ...{ base: 'debian:bookworm-slim', name: 'base' },
    });
  });

  it.each([
    [
      'an unknown instruction',
      'FROM debian:bookworm-slim\nADD a b',
      'Line 2 of the Dockerfile: ADD is not known here.',
    ],
    ['a variable', 'FROM debian:bookworm-slim\nCOPY $A b', 'Line 2 of the Dockerfile: COPY has a variable.'],
    ['a heredoc', 'FROM debian:bookworm-slim\nRUN <<E\nE', 'Line 2 of the Dockerfile: RUN has a heredoc.'],
    ['an unknown flag', 'FROM debian:bookworm-slim\nCOPY --link a b', 'Line 2 of the Dockerfile: COPY has --link.'],
    ['another mount', 'FROM debian:bookworm-slim\nRUN --mount=type=ssh a', 'RUN has --mount=type=ssh.'],
    ['a directive', '# syntax=docker/dockerfile:1\nFROM debian:bookworm-slim', 'Line 1 is a directive'],
    ['an image without a tag', 'FROM Debian', 'FROM Debian is not an image with its tag, or a stage.'],
    ['a step before the first image', 'RUN a', 'Line 1 of the Dockerfile: RUN comes before FROM.'],
    ['a command in the shell form', 'FROM debian:bookworm-slim\nCMD serve', 'CMD is not a list of texts.'],
    ['a continued line that nothing follows', 'FROM debian:bookworm-slim\nRUN a \\\n', 'goes on, and nothing follows'],
  ])('refuses %s', (_, text, sentence) => {
    expect(() => parseDockerfile(text)).toThrow(sentence);
  });
});
