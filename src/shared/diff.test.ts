import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffSequences, diffTexts, type TextRun } from './diff.ts';

function beforeOf(runs: readonly TextRun[]): string {
  return runs.map((run) => (run.type === 'added' ? '' : run.text)).join('');
}

function afterOf(runs: readonly TextRun[]): string {
  return runs.map((run) => (run.type === 'removed' ? '' : run.text)).join('');
}

/** Length of the longest common subsequence, the slow way. */
function common(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const x of a) {
    const next = [0];
    for (let j = 1; j <= b.length; j++) next.push(b[j - 1] === x ? row[j - 1]! + 1 : Math.max(row[j]!, next[j - 1]!));
    row = next;
  }
  return row[b.length]!;
}

const few = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 });

test('a sequence diff is true, in order, and as short as possible', () => {
  fc.assert(
    fc.property(few, few, (a, b) => {
      const edits = diffSequences(a, b);
      let atA = 0;
      let atB = 0;
      let same = 0;
      edits.forEach((edit, index) => {
        expect([edit.a, edit.b]).toEqual([atA, atB]);
        expect(edit.count).toBeGreaterThan(0);
        expect(edits[index - 1]?.type).not.toBe(edit.type);
        if (edit.type !== 'added') atA += edit.count;
        if (edit.type !== 'removed') atB += edit.count;
        if (edit.type !== 'same') return;
        same += edit.count;
        expect(a.slice(edit.a, edit.a + edit.count)).toEqual(b.slice(edit.b, edit.b + edit.count));
      });
      expect([atA, atB]).toEqual([a.length, b.length]);
      expect(same).toBe(common(a, b));
    }),
    { numRuns: 500 },
  );
});

test('it stays true when its work is bounded', () => {
  fc.assert(
    fc.property(few, few, fc.integer({ min: 0, max: 40 }), (a, b, steps) => {
      const edits = diffSequences(a, b, steps);
      const rebuilt = edits.flatMap((edit) => (edit.type === 'removed' ? [] : b.slice(edit.b, edit.b + edit.count)));
      expect(rebuilt).toEqual(b);
      for (const edit of edits)
        if (edit.type === 'same')
          expect(a.slice(edit.a, edit.a + edit.count)).toEqual(b.slice(edit.b, edit.b + edit.count));
    }),
  );
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc
    .array(fc.constantFrom('a ', 'b', '\n', ' ', 'wort', '語', '😀', '\ud800', ','), { maxLength: 60 })
    .map((all) => all.join('')),
);

test('the runs of a text diff give both texts back', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const runs = diffTexts(before, after);
      expect(beforeOf(runs)).toBe(before);
      expect(afterOf(runs)).toBe(after);
      expect(runs.every((run, index) => run.text !== '' && runs[index - 1]?.type !== run.type)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('changed lines are compared by word, and changed words are not torn apart by spaces', () => {
  expect(diffTexts('one\nsend it to Anna today\nend', 'one\nsend it to the whole team today\nend')).toEqual([
    { type: 'same', text: 'one\nsend it to ' },
    { type: 'removed', text: 'Anna' },
    { type: 'added', text: 'the whole team' },
    { type: 'same', text: ' today\nend' },
  ]);
  expect(diffTexts('die alte rote Tür', 'die neue blaue Tür')).toEqual([
    { type: 'same', text: 'die ' },
    { type: 'removed', text: 'alte rote' },
    { type: 'added', text: 'neue blaue' },
    { type: 'same', text: ' Tür' },
  ]);
});

test('a megabyte is bounded, whatever it holds', () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 48271) % 2147483647);
  const noise = (lines: boolean): string => {
    let made = '';
    while (made.length < 1_000_000) made += (random() % 1000).toString(36) + (lines && random() % 9 === 0 ? '\n' : ' ');
    return made;
  };
  const cases: [string, string][] = [
    [noise(true), noise(true)],
    [noise(false), noise(false)],
    ['a'.repeat(1_000_000), 'b'.repeat(1_000_000)],
    ['x '.repeat(500_000), 'x y '.repeat(250_000)],
    ['\n'.repeat(1_000_000), 'a\n'.repeat(500_000)],
  ];
  for (const [before, after] of cases) {
    const from = performance.now();
    const runs = diffTexts(before, after);
    expect(performance.now() - from).toBeLessThan(4_000);
    expect(beforeOf(runs) === before && afterOf(runs) === after).toBe(true);
  }
}, 30_000);
