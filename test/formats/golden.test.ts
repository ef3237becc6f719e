/** Every fixture decodes to its golden, is detected by its content alone, and fits no other format better. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { detectFormat, formatForPath, formats } from '../../src/main/formats/registry.ts';
import { contractFaults, decodeAll, HEAD_BYTES, loadCases, summarise } from './cases.ts';

const cases = loadCases();

describe.each(cases.map((each) => [`${each.format}/${each.name}`, each] as const))('%s', (_, each) => {
  const format = formats.find(({ id }) => id === each.format);
  const head = each.bytes.subarray(0, HEAD_BYTES);

  test('decodes to its golden', () => {
    if (!format) throw new Error(`No format "${each.format}" is registered.`);
    const outcome = decodeAll(format, each.bytes);
    expect(contractFaults(outcome)).toEqual([]);
    const golden = summarise(outcome);
    const path = join(each.folder, 'expected.json');
    if (process.env.UPDATE_GOLDENS === '1') writeFileSync(path, `${JSON.stringify(golden, null, 2)}\n`);
    expect(existsSync(path), `${path} is missing; UPDATE_GOLDENS=1 writes it`).toBe(true);
    expect(golden).toEqual(JSON.parse(readFileSync(path, 'utf8')));
  });

  test('is known by its content', () => {
    const found = detectFormat(head, 'unknown');
    expect(found?.format.id).toBe(each.format);
    for (const other of formats) {
      if (other.id !== each.format) expect(other.detect(head, 'unknown'), other.id).toBeLessThan(found?.score ?? 0);
    }
  });
});

test('every format has fixtures', () => {
  const covered = new Set(cases.map((each) => each.format));
  expect(formats.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
});

test('ids and routes are unique, and paths find their decoder', () => {
  const ids = formats.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const suffixes = formats.flatMap((format) =>
    format.type === 'decoder' ? format.routes.map(({ suffix }) => suffix) : [],
  );
  expect(new Set(suffixes).size).toBe(suffixes.length);
  for (const path of ['/v1/traces/ingest', '/v1/traces/ingest/', '/traces/ingest?x=1', '/proxy/v1/traces/ingest']) {
    expect(formatForPath(path)?.id).toBe('agents-sdk');
  }
  for (const path of ['/', '', '/v1', '/ingest']) expect(formatForPath(path)).toBeNull();
});

test('what is not a trace is no format of ours', () => {
  for (const text of [
    '',
    'hello',
    '{}',
    '[]',
    '{"a":1}',
    'a,b\n1,2\n',
    '\u0000\u0001\u0002',
    '<html></html>',
    '# Notes',
  ]) {
    expect(detectFormat(new TextEncoder().encode(text), 'unknown'), JSON.stringify(text)).toBeNull();
  }
});
