import { expect, test } from 'vitest';
import { parseTaxonomy } from '#shared/parse-taxonomy.ts';
import { counting, type Taxonomy, type TaxonomyCategory } from '#shared/taxonomy.ts';
import {
  addCategory,
  changeCategory,
  changesBetween,
  codeFor,
  mergeCategory,
  mergedInto,
  moveCategory,
  possibleParents,
  removeCategory,
  renameCategory,
  taxonomyId,
  treeRows,
} from './edit.ts';

function category(code: string, parent: string | null = null, aliases: readonly string[] = []): TaxonomyCategory {
  return { code, title: code.toUpperCase(), definition: '', parent, aliases, retired: false };
}

const TREE: Taxonomy = {
  id: 'own',
  title: 'Own',
  about: '',
  version: 1,
  preset: false,
  categories: [category('a'), category('c', 'b'), category('b', 'a'), category('d', 'a', ['dee']), category('e')],
};

function codes(taxonomy: Taxonomy): string {
  return treeRows(taxonomy.categories)
    .map(({ category: each, depth }) => `${each.code}${depth}`)
    .join(' ');
}

test('the list is read as a tree', () => {
  expect(codes(TREE)).toBe('a0 b1 c2 d1 e0');
});

test('a category moves among its siblings', () => {
  expect(codes(moveCategory(TREE, 'd', -1))).toBe('a0 d1 b1 c2 e0');
  expect(codes(moveCategory(TREE, 'a', 1))).toBe('e0 a0 b1 c2 d1');
  expect(moveCategory(TREE, 'c', 1)).toBe(TREE);
});

test('nothing is put under itself', () => {
  expect(possibleParents(TREE.categories, 'b').map(({ code }) => code)).toEqual(['a', 'd', 'e']);
});

test('codes come from titles, and are new', () => {
  expect(codeFor('Lost  order!', TREE.categories)).toBe('lost-order');
  expect(codeFor('Dee ?', TREE.categories)).toBe('dee-2');
  expect(codeFor('🤖', [])).toBe('category');
  expect(codeFor('Falsche Größe', [])).toBe('falsche-größe');
  const [added, code] = addCategory(TREE, 'New one', 'a');
  expect([codes(added), code]).toEqual(['a0 b1 c2 d1 new-one1 e0', 'new-one']);
  expect(taxonomyId('My set', ['my-set'])).toBe('my-set-2');
});

test('merged labels follow, also of what was merged before, into any place of the tree', () => {
  const merged = mergeCategory(mergeCategory(TREE, 'd', 'b'), 'b', 'e');
  expect(['d', 'DEE', 'b', 'e', 'c'].map(counting(merged))).toEqual(['e', 'e', 'e', 'e', 'c']);
  expect(
    mergedInto(
      merged.categories,
      merged.categories.find(({ code }) => code === 'd')!,
    )?.code,
  ).toBe('e');
  expect(codes(merged)).toBe('a0 b1 d1 e0 c1');
  const up = mergeCategory(TREE, 'a', 'c');
  for (const each of [merged, up]) expect(parseTaxonomy(each)).toMatchObject({ ok: true });
  expect(codes(up)).toBe('a0 c0 b1 d1 e0');
  expect(mergeCategory(TREE, 'a', 'a')).toBe(TREE);
});

test('the title of before still counts after a renaming, unless another category took it', () => {
  const renamed = renameCategory(TREE, 'c', 'Sea');
  expect(counting(renamed)('C')).toBe('c');
  const titled = renameCategory(renameCategory(TREE, 'c', 'Sea'), 'c', 'Ocean');
  expect(counting(titled)('sea')).toBe('c');
  expect(parseTaxonomy(renameCategory(titled, 'c', 'Sea'))).toMatchObject({ ok: true });
  expect(renameCategory(titled, 'c', 'Sea').categories.find(({ code }) => code === 'c')?.aliases).toEqual(['Ocean']);
});

test('what stood under a category that is taken out moves up', () => {
  expect(codes(removeCategory(TREE, 'b'))).toBe('a0 c1 d1 e0');
});

test('two versions are told apart in sentences', () => {
  expect(changesBetween(TREE, TREE)).toEqual([]);
  expect(changesBetween(TREE, mergeCategory(TREE, 'd', 'e'))).toEqual([
    '“D” no longer counts “dee”.',
    '“D” is retired.',
    '“E” also counts “d”, “dee”.',
  ]);
  expect(changesBetween(TREE, changeCategory(TREE, 'c', { title: 'Sea', parent: null }))).toEqual([
    '“C” is now called “Sea”.',
    '“Sea” is at the top.',
  ]);
  expect(changesBetween(TREE, moveCategory(TREE, 'd', -1))).toEqual(['The order was changed.']);
  expect(changesBetween(removeCategory(TREE, 'e'), TREE)).toEqual(['Added “E”.']);
  expect(changesBetween(TREE, null)).toEqual(['Removed.']);
});
