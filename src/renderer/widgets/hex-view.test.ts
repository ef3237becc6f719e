import { expect, test } from 'vitest';
import { hexDump } from './hex-view.tsx';

test('bytes in hexadecimal, with what is printable beside them', () => {
  const bytes = btoa('Hi\u0000\u001b[31m\u00ff!');
  expect(hexDump(bytes, 100)).toBe('000000  48 69 00 1b 5b 33 31 6d  Hi··[31m\n000008  ff 21                    ·!');
});

test('only as many bytes as asked for', () => {
  expect(hexDump(btoa('abcdef'), 3)).toBe('000000  61 62 63                 abc');
});

test('what is not base64 is said to be so', () => {
  expect(hexDump('%%%', 10)).toBeNull();
});
