import { expect, test } from 'vitest';
import { callsAddress, exampleAddress, expectedOfAddress } from './compare-place.ts';

test('examples and calls of a trace stand in the place beside plain traces', () => {
  expect(expectedOfAddress(exampleAddress('d/1', 'a key: 5 %'))).toEqual({
    kind: 'example',
    datasetId: 'd/1',
    key: 'a key: 5 %',
  });
  expect(expectedOfAddress(callsAddress('tau-bench:0:1:x/y'))).toEqual({ kind: 'trace', traceId: 'tau-bench:0:1:x/y' });
  for (const plain of ['tau-bench:0:1:x', 'session:s', '', 'example:no-key', 'example:%/x'])
    expect(expectedOfAddress(plain)).toBeNull();
});
