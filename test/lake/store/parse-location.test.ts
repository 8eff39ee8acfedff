import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parseLocation } from '../../../src/lake/store/parse-location.ts';

it.each([
  ['lake', { kind: 'folder', path: resolve('lake') }],
  ['/var/lake/', { kind: 'folder', path: '/var/lake' }],
  ['./s3', { kind: 'folder', path: resolve('s3') }],
  ['s3://bucket', { kind: 's3', bucket: 'bucket', prefix: '' }],
  ['s3://bucket/', { kind: 's3', bucket: 'bucket', prefix: '' }],
  ['s3://my.bucket-1/a/b', { kind: 's3', bucket: 'my.bucket-1', prefix: 'a/b/' }],
  ['s3://bucket//a//b/', { kind: 's3', bucket: 'bucket', prefix: 'a/b/' }],
])('the lake %s is a place', (location, expected) => {
  expect(parseLocation(location)).toEqual(expected);
});

it.each([
  '',
  's3:/bucket',
  'https://bucket.s3.amazonaws.com',
  'gs://bucket',
  'S3://bucket',
  's3://',
  's3://B',
  's3://b/../c',
])('the lake "%s" is refused, with what it may be', (location) => {
  expect(() => parseLocation(location)).toThrow(/Give the path of a folder, or s3:\/\/bucket\/prefix\.$/);
});
