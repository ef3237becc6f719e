import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readZip } from './zip.ts';

type Entry = {
  readonly name: string;
  readonly data: Buffer;
  readonly method?: number;
  readonly packed?: Buffer;
  readonly flags?: number;
};

function zip(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, method = 8, packed = method === 8 ? deflateRawSync(data) : data, flags = 0 } of entries) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(data.length, 24);
    central.writeUInt16LE(Buffer.byteLength(name), 28);
    central.writeUInt32LE(offset, 42);
    parts.push(local, Buffer.from(name), packed);
    directory.push(central, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

function textOf(bytes: Uint8Array): (string | { fault: string })[] {
  return readZip(bytes).entries.map((entry) => {
    const data = entry.read();
    return 'fault' in data ? data : Buffer.from(data).toString('utf8');
  });
}

const HELLO = Buffer.from('hello');

test('stored and deflated entries', () => {
  expect(
    textOf(
      zip([
        { name: 'a', data: HELLO },
        { name: 'b', data: HELLO, method: 0 },
      ]),
    ),
  ).toEqual(['hello', 'hello']);
});

test.each(['../a', '/a', 'x/../../a', 'C:\\a', '..\\a', 'a\0b'])('the name %j is refused', (name) => {
  const { entries, faults } = readZip(
    zip([
      { name, data: HELLO },
      { name: 'fine', data: HELLO },
    ]),
  );
  expect(entries.map((entry) => entry.name)).toEqual(['fine']);
  expect(faults.length).toBe(1);
});

test('a bomb unpacks to nothing', () => {
  const bomb = deflateRawSync(Buffer.alloc(300 * 1024 * 1024));
  const [first] = textOf(zip([{ name: 'bomb', data: HELLO, packed: bomb }]));
  expect(first).toEqual({ fault: 'The entry unpacks to more than can be read.' });
});

test('encrypted, unknown, broken and missing data are faults of their entry', () => {
  const broken = zip([
    { name: 'a', data: HELLO, flags: 1 },
    { name: 'b', data: HELLO, method: 93 },
    { name: 'c', data: HELLO, packed: Buffer.from([255, 255, 255]) },
    { name: 'd', data: HELLO },
  ]);
  expect(textOf(broken).map((each) => (typeof each === 'string' ? each : 'fault'))).toEqual([
    'fault',
    'fault',
    'fault',
    'hello',
  ]);
});

test('without its directory an archive is read from the start', () => {
  const whole = zip([
    { name: 'a', data: HELLO },
    { name: 'b', data: HELLO },
  ]);
  const { entries, faults } = readZip(whole.subarray(0, whole.length - 60));
  expect(entries.map((entry) => entry.name)).toEqual(['a', 'b']);
  expect(faults.length).toBe(1);
});

test('any cut and any flipped byte ends', () => {
  const whole = zip([
    { name: 'a', data: HELLO },
    { name: 'b', data: HELLO, method: 0 },
  ]);
  for (let at = 0; at < whole.length; at++) {
    textOf(whole.subarray(0, at));
    for (const byte of [0, 255]) {
      const flipped = Buffer.from(whole);
      flipped[at] = byte;
      textOf(flipped);
    }
  }
});
