import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { supportsNode } from '../../../src/lib/process/supports-node.ts';

const { engines }: { engines: { node: string } } = JSON.parse(readFileSync('package.json', 'utf8'));

it.each([
  ['10.24.1', false],
  ['20.20.2', false],
  ['22.14.9', false],
  ['22.15.0', true],
  ['22.23.3', true],
  ['23.11.0', false],
  ['24.0.0', true],
  ['24.21.0', true],
  ['25.9.0', false],
  ['26.0.0', true],
  ['28.1.0', true],
  ['100.0.0', true],
])('the engines in package.json include Node %s: %s', (version, isSupported) => {
  expect(supportsNode(engines.node, version)).toBe(isSupported);
});
