import { expect, test } from 'vitest';
import type { Json } from '#shared/json.ts';
import { readUsage } from './usage.ts';

/** input, output, cacheRead, cacheWrite, reasoning */
test.each<[string, Json, readonly (number | null)[]]>([
  [
    'turn',
    { input_tokens: 110, output_tokens: 21, cached_input_tokens: 7, cache_write_input_tokens: 2 },
    [110, 21, 7, 2, null],
  ],
  [
    'Python raw',
    {
      requests: 1,
      input_tokens: 3,
      output_tokens: 4,
      input_tokens_details: { cached_tokens: 1, cache_write_tokens: 2 },
      output_tokens_details: { reasoning_tokens: 0 },
    },
    [3, 4, 1, 2, 0],
  ],
  [
    'sanitised',
    {
      input_tokens: 5,
      output_tokens: 6,
      details: { input_tokens_details: { cached_tokens: 1 }, output_tokens_details: { reasoning_tokens: 2 } },
    },
    [5, 6, 1, null, 2],
  ],
  [
    'chat',
    {
      prompt_tokens: 90,
      completion_tokens: 22,
      prompt_tokens_details: { cached_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 4 },
    },
    [90, 22, 10, null, 4],
  ],
  [
    'JavaScript in memory',
    { inputTokens: 5, outputTokens: 6, inputTokensDetails: [{ cached_tokens: 1 }, { cached_tokens: 2 }] },
    [5, 6, 3, null, null],
  ],
  ['zero is a count', { input_tokens: 0, output_tokens: 0 }, [0, 0, null, null, null]],
])('%s', (_, value, [input, output, cacheRead, cacheWrite, reasoning]) => {
  expect(readUsage(value)).toEqual({ input, output, cacheRead, cacheWrite, reasoning });
});

test.each<Json>([null, {}, [], 'x', { input_tokens: -1, output_tokens: '9' }, { total_tokens: 7 }])(
  '%j says nothing',
  (value) => {
    expect(readUsage(value)).toBeNull();
  },
);
