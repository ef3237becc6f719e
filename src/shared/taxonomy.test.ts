import { expect, test } from 'vitest';
import { counting, countedAs, type TaxonomyCategory } from './taxonomy.ts';

function category(code: string, more: Partial<TaxonomyCategory> = {}): TaxonomyCategory {
  return { code, title: `Title of ${code}`, definition: '', parent: null, aliases: [], retired: false, ...more };
}

test('code, title and alias count as the category, whatever their letter case; what nobody claims counts as itself', () => {
  const taxonomy = { categories: [category('1.1', { aliases: ['FM-1.1'] }), category('1.2')] };
  for (const spelling of ['1.1', ' fm-1.1 ', 'title OF 1.1']) expect(countedAs(taxonomy, spelling)).toBe('1.1');
  expect(countedAs(taxonomy, ' New one')).toBe(' New one');
});

test('what was merged counts as what it was merged into; what was only retired counts as itself', () => {
  const codeOf = counting({
    categories: [
      category('x', { retired: true }),
      category('y', { aliases: ['x', 'Title of x'] }),
      category('z', { retired: true }),
    ],
  });
  expect(['x', 'title of X', 'y', 'z', 'title of z'].map(codeOf)).toEqual(['y', 'y', 'y', 'z', 'z']);
});

test('a code goes before the alias of another, wherever they stand', () => {
  const codeOf = counting({ categories: [category('a', { aliases: ['b'] }), category('b')] });
  expect(codeOf('b')).toBe('b');
});
