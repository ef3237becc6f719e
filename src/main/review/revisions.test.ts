import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnnotationState, Revision } from '#shared/annotation.ts';
import { canonicalJson } from '#shared/canonical-json.ts';
import { hashRevision, isConflict, resolve } from './revisions.ts';

const NOTE: AnnotationState = {
  place: { kind: 'trace' },
  kind: 'note',
  taxonomy: null,
  category: null,
  severity: null,
  score: null,
  passed: null,
  note: 'first',
  tags: [],
  agent: null,
  isRootCause: false,
  evidenceSpanId: null,
  correction: null,
  answers: null,
  preference: null,
  extra: {},
};

describe('one annotation', () => {
  const begin = revision([], 'ann', 10, 'first');
  test('an edit replaces what it was made from, whatever the clocks say', () => {
    const edit = revision([hashRevision(begin)], 'ben', 3, 'second');
    const found = resolve(setOf([edit, begin]));
    expect(found?.state?.note).toBe('second');
    expect(found).toMatchObject({ author: 'ann', createdAt: 10, editor: 'ben', editedAt: 3 });
    expect(found?.heads).toEqual([hashRevision(edit)]);
  });
  test('two edits of one revision stand side by side until one replaces both', () => {
    const parents = [hashRevision(begin)];
    const [one, other] = [revision(parents, 'ann', 20, 'this'), revision(parents, 'ben', 21, 'that')];
    const found = resolve(setOf([begin, one, other]));
    expect(found?.heads).toEqual([hashRevision(other), hashRevision(one)]);
    expect(isConflict([one, other])).toBe(true);
    const decision = revision(found!.heads.toSorted(), 'eve', 30, 'that');
    expect(resolve(setOf([begin, one, other, decision]))?.heads).toEqual([hashRevision(decision)]);
  });
  test('the same edit by two people is no conflict', () => {
    const parents = [hashRevision(begin)];
    expect(isConflict([revision(parents, 'ann', 20, 'this'), revision(parents, 'ben', 21, 'this')])).toBe(false);
  });
  test('a removal does not hide what somebody else wrote meanwhile', () => {
    const parents = [hashRevision(begin)];
    const found = resolve(setOf([begin, revision(parents, 'ann', 90, null), revision(parents, 'ben', 20, 'kept')]));
    expect(found?.state?.note).toBe('kept');
    expect(found?.heads).toHaveLength(2);
  });
  test('nothing is no annotation', () => {
    expect(resolve(new Map())).toBeNull();
  });
});

test('equal revisions have equal texts, in whatever order their fields were set', () => {
  expect(canonicalJson({ b: 1, a: { d: [2, { f: 1, e: 2 }], c: null } })).toBe(
    '{"a":{"c":null,"d":[2,{"e":2,"f":1}]},"b":1}',
  );
});

/** A thousand edits by people who now and then take in what others wrote. */
test('merging is a semilattice: any order, grouping and repetition gives the same', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ who: fc.nat(3), from: fc.nat(3), text: fc.option(fc.constantFrom('x', 'y', 'z')) }), {
        minLength: 1,
        maxLength: 1_000,
        size: 'max',
      }),
      fc.nat(),
      (edits, seed) => {
        const people = Array.from({ length: 4 }, () => new Map<string, Revision>());
        edits.forEach(({ who, from, text }, at) => {
          const mine = people[who]!;
          if (at % 7 === 0) for (const [hash, each] of people[from]!) mine.set(hash, each);
          const heads = resolve(mine)?.heads ?? [];
          const next = revision(heads.toSorted(), `person ${who}`, at % 50, text);
          mine.set(hashRevision(next), next);
        });
        const [a, b, c, d] = people as unknown as [Store, Store, Store, Store];
        const straight = merge(merge(merge(a, b), c), d);
        const nested = merge(merge(d, merge(b, a)), merge(merge(c, a), straight));
        expect(resolve(nested)).toEqual(resolve(straight));
        expect(nested.size).toBe(straight.size);
        const shuffled = new Map([...straight].sort(([x], [y]) => (x + seed < y + seed ? 1 : -1)));
        expect(resolve(shuffled)).toEqual(resolve(straight));
        for (const own of people) for (const hash of own.keys()) expect(straight.has(hash)).toBe(true);
      },
    ),
    { numRuns: 15 },
  );
});

type Store = ReadonlyMap<string, Revision>;

function merge(one: Store, other: Store): Store {
  return new Map([...one, ...other]);
}

function setOf(revisions: readonly Revision[]): Store {
  return new Map(revisions.map((each) => [hashRevision(each), each]));
}

function revision(parents: readonly string[], author: string, madeAt: number, note: string | null): Revision {
  return {
    traceId: 't',
    annotationId: 'a',
    parents,
    author,
    madeAt,
    state: note === null ? null : { ...NOTE, note },
  };
}
