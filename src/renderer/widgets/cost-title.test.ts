import { expect, test } from 'vitest';
import { createPriceBook } from '#shared/estimate.ts';
import { costTitle } from './cost-title.ts';

const rates = { output: 2, cacheRead: 0.025, cacheWrite: null, above: null, source: null, asOf: '2025-08-07' };
const book = createPriceBook({
  asOf: '2025-11-24',
  rows: [
    { model: 'mini', provider: 'Maker', input: 0.25, ...rates },
    { model: 'maxi', provider: '', input: 5, ...rates },
  ],
});
const tokens = { input: 1_200, output: 500, cacheRead: 200, cacheWrite: null, reasoning: null };

test('the estimate of one model is calculated in full', () => {
  expect(costTitle(0.001255, 'estimated', { tokens, models: ['mini'] }, book)).toBe(
    'Estimated from the price table of 2025-11-24.\n1,000 input × $0.25\n+ 200 from cache × $0.025\n+ 500 output × $2\nmini (Maker, 2025-08-07); rates per million tokens.',
  );
});

test('a figure that the calculation does not give is not explained by it', () => {
  expect(costTitle(0.5, 'estimated', { tokens, models: ['mini'] }, book)).toBe(
    'Estimated from the price table of 2025-11-24.\nmini: $0.25 input, $2 output per million tokens',
  );
});

test('several models are listed with their rates; one without a price is named', () => {
  const title = costTitle(1, 'partly', { tokens, models: ['mini', 'maxi', 'mystery'] }, book);
  expect(title).toContain('states a part of this cost; the rest is estimated from the price table of 2025-11-24');
  expect(title).toContain('maxi: $5 input, $2 output');
  expect(title).toContain('mystery: no price, not counted');
  const many = costTitle(1, 'estimated', { tokens, models: Array.from({ length: 20 }, (_, k) => `m${k}`) }, book);
  expect(many).toContain('and 14 more models');
});

test('a stated cost says so, and before the table is known its date is left out', () => {
  expect(costTitle(1, 'stated', null, book)).toBe('The source states this cost.');
  expect(costTitle(1, 'estimated', null, null)).toBe('Estimated from the price table.');
});
