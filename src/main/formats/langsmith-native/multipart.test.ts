import { expect, test } from 'vitest';
import { readParts } from './multipart.ts';

function body(...parts: (string | Uint8Array)[]): Uint8Array {
  const chunks = parts.flatMap((part) => [Buffer.from('--b\r\n'), Buffer.from(part), Buffer.from('\r\n')]);
  return Buffer.concat([...chunks, Buffer.from('--b--\r\n')]);
}

function part(name: string, content: string, type = 'application/json; length=7'): string {
  return `Content-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n${content}`;
}

function read(bytes: Uint8Array | string): [string, string, string][] | string {
  const result = readParts(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  if (!result.ok) return result.error.code;
  return result.value.parts.map((each) => [each.name, each.contentType, Buffer.from(each.body).toString()]);
}

function faults(bytes: Uint8Array): readonly string[] {
  const result = readParts(bytes);
  return result.ok ? result.value.faults : [];
}

test('names, types and bytes of parts', () => {
  expect(read(body(part('a', '{"x":1}'), part('b.c', '')))).toEqual([
    ['a', 'application/json', '{"x":1}'],
    ['b.c', 'application/json', ''],
  ]);
});

test('headers in any case and order, names with and without quotes, a file name beside the name', () => {
  expect(
    read(
      body(
        'content-type: IMAGE/PNG\r\nCONTENT-DISPOSITION: form-data; filename="name=wrong"; Name=photo\r\n\r\nx',
        'Content-Disposition: form-data; name="say \\"hi\\"; é"\r\n\r\ny',
      ),
    ),
  ).toEqual([
    ['photo', 'image/png', 'x'],
    ['say "hi"; é', '', 'y'],
  ]);
});

test('content may hold what looks like a boundary, declared lengths count for nothing', () => {
  const content = '\r\n--bogus\r\n\r\n--b is not it\r\n-- b\r\n';
  expect(read(body(part('a', content, 'application/json; length=3'), part('z', '1')))).toEqual([
    ['a', 'application/json', content],
    ['z', 'application/json', '1'],
  ]);
});

test('a preamble, padding after boundaries and an epilogue are passed over', () => {
  const text = `\r\nhello\r\n--b  \r\n${part('a', '1')}\r\n--b \t\r\n${part('c', '2')}\r\n--b--\r\nrest\r\n--b\r\n`;
  expect(read(text)).toEqual([
    ['a', 'application/json', '1'],
    ['c', 'application/json', '2'],
  ]);
});

test('what breaks off, has no name or no headers is a fault, and the rest is there', () => {
  const whole = body(part('a', '1'), 'no headers', 'X: y\r\n\r\nz', '', part('b', '2'));
  expect(read(whole)).toEqual([
    ['a', 'application/json', '1'],
    ['b', 'application/json', '2'],
  ]);
  expect(faults(whole).length).toBe(3);
  const cut = whole.subarray(0, whole.length - 8);
  expect(read(cut)).toHaveLength(2);
  expect(faults(cut).at(-1)).toContain('breaks off');
});

test.each(['', '--', '--\r\n', '{"post":[]}', `--${'x'.repeat(300)}\r\n`, 'a'.repeat(10_000)])(
  '%# has no boundary',
  (text) => {
    expect(read(text)).toBe('bad_request');
  },
);

test('a body of 10^5 parts, and bodies made to be slow, end soon', () => {
  const many = body(...Array.from({ length: 100_000 }, (_, at) => part(`post.${at}`, '{}')));
  expect(read(many)).toHaveLength(100_000);
  const slow = [
    // No part has an end of its headers, and the end of the body is far.
    Buffer.concat([Buffer.from('--b\r\n'), Buffer.from('\r\n--b\r\n'.repeat(200_000)), Buffer.alloc(4_000_000, 0x61)]),
    // Delimiters that are none.
    Buffer.concat([Buffer.from('--b\r\n'), Buffer.from('\r\n--bx'.repeat(1_000_000))]),
    // Names without an end.
    body(...Array.from({ length: 200 }, () => `Content-Disposition: x${';name="'.repeat(2_300)}\r\n\r\n`)),
  ];
  const started = performance.now();
  for (const bytes of slow) readParts(bytes);
  expect(performance.now() - started).toBeLessThan(3_000);
});

test('more parts than are read are said to be left out', () => {
  const result = readParts(Buffer.from('--b\r\n'.padEnd(5, ' ') + '\r\n--b\r\n'.repeat(260_000)));
  expect(result.ok && result.value.faults.at(-1)).toContain('the rest was left out');
});
