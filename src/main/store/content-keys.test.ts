import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packKeys, unpackHexKeys, unpackKeys } from './content-keys.ts';

test('packing and unpacking any list of keys gives the same list', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 45 })), (keys) => {
      const packed = packKeys(keys);
      expect(unpackKeys(packed)).toEqual(keys);
      expect(unpackHexKeys(Buffer.from(packed).toString('hex').toUpperCase())).toEqual(keys);
    }),
  );
});

test('a history of neighbouring keys takes little more than a byte a key', () => {
  const keys = Array.from({ length: 60 }, (_, index) => 100_000 + index * 2);
  expect(packKeys(keys).length).toBeLessThan(64);
});
