import { expect, test } from 'vitest';
import { parseScoreSchema, parseTaxonomy, parseTaxonomyFile, writeTaxonomyFile } from './parse-taxonomy.ts';

const GOOD = { id: 'own', title: 'Own', categories: [{ code: 'a' }, { code: 'b', parent: 'a', aliases: [' B two '] }] };

function problem(change: object): string {
  const parsed = parseTaxonomy({ ...GOOD, ...change });
  if (parsed.ok) throw new Error('it was taken');
  return parsed.error.message;
}

test('what may be left out is filled in', () => {
  const parsed = parseTaxonomy(GOOD);
  expect(parsed.ok && parsed.value).toEqual({
    id: 'own',
    title: 'Own',
    about: '',
    version: 1,
    preset: false,
    categories: [
      { code: 'a', title: 'a', definition: '', parent: null, aliases: [], retired: false },
      { code: 'b', title: 'b', definition: '', parent: 'a', aliases: ['B two'], retired: false },
    ],
  });
});

test('one sentence says what is wrong', () => {
  expect(problem({ id: 'my own' })).toContain('neither spaces nor quotes');
  expect(problem({ title: ' ' })).toContain('its title is missing');
  expect(problem({ categories: [{ code: 'a' }, { code: ' A' }] })).toContain('two categories have the code “A”');
  expect(problem({ categories: [{ code: 'a', parent: 'z' }] })).toContain('the parent “z” is not among');
  expect(
    problem({
      categories: [
        { code: 'a', aliases: ['x'] },
        { code: 'b', aliases: ['X'] },
      ],
    }),
  ).toContain('“X” stands for both “a” and “b”');
  expect(problem({ categories: [{ code: 'a', title: 'b' }, { code: 'b' }] })).toContain('stands for both');
  expect(problem({ categories: [{ code: 'x'.repeat(300) }] })).toContain('longer than 200');
  expect(problem({ categories: Array.from({ length: 501 }, (_, n) => ({ code: String(n) })) })).toContain(
    'at most 500',
  );
  expect(problem({ categories: 'none' })).toContain('must be a list');
  for (const value of [null, 7, 'x', []]) expect(parseTaxonomy(value).ok).toBe(false);
});

test('nothing is above itself, however long the way round', () => {
  const ring = Array.from({ length: 300 }, (_, n) => ({ code: String(n), parent: String((n + 1) % 300) }));
  expect(problem({ categories: ring })).toContain('is above itself');
  const chain = Array.from({ length: 500 }, (_, n) => ({ code: String(n), parent: n === 0 ? null : String(n - 1) }));
  expect(parseTaxonomy({ ...GOOD, categories: chain }).ok).toBe(true);
});

test('a retired code may be the alias of another: that is a merge', () => {
  const categories = [
    { code: 'a', retired: true },
    { code: 'b', aliases: ['a'] },
  ];
  expect(parseTaxonomy({ ...GOOD, categories }).ok).toBe(true);
});

test('a file gives back what was written, and a list of codes is read too', () => {
  const parsed = parseTaxonomy(GOOD);
  if (!parsed.ok) throw new Error(parsed.error.message);
  expect(parseTaxonomyFile(writeTaxonomyFile(parsed.value))).toEqual(parsed);
  const codes = [{ id: 'X-1', name: 'First', description: 'It is the first.', category: 'Group' }];
  const read = parseTaxonomyFile(JSON.stringify({ taxonomy_id: 'x', domain: 'general', codes }));
  expect(read.ok && read.value.categories).toMatchObject([
    { code: 'Group', parent: null },
    { code: 'X-1', title: 'First', definition: 'It is the first.', parent: 'Group' },
  ]);
  expect(parseTaxonomyFile('{').ok).toBe(false);
  expect(parseTaxonomyFile('[]').ok).toBe(false);
});

test('score schemas have sound scales', () => {
  const schema = (scale: unknown): boolean => parseScoreSchema({ id: 's', title: 'S', scale }).ok;
  expect(schema({ type: 'boolean' })).toBe(true);
  expect(schema({ type: 'numeric', min: 0, max: 5, step: 0.5 })).toBe(true);
  expect(schema({ type: 'numeric', min: 5, max: 0 })).toBe(false);
  expect(schema({ type: 'numeric', min: 0, max: 5, step: 0 })).toBe(false);
  expect(schema({ type: 'categorical', options: [{ value: 1, title: 'A' }] })).toBe(false);
  expect(schema({ type: 'rubric', items: [{ id: 'a', text: 'Is it?' }] })).toBe(true);
  expect(
    schema({
      type: 'rubric',
      items: [
        { id: 'a', text: 'Is it?' },
        { id: 'A', text: 'Was it?' },
      ],
    }),
  ).toBe(false);
  expect(schema({ type: 'stars' })).toBe(false);
});
