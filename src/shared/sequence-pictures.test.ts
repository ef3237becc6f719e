import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sequence } from './sequence.ts';
import { SEQUENCE_KINDS } from './sequence.ts';
import { escapeMermaid, toMermaid } from './sequence-mermaid.ts';
import { openTo, rowOfMessage, sequenceRows, standsFor } from './sequence-rows.ts';
import { escapeXml, toSvg } from './sequence-svg.ts';
import { sameFolds, withoutTools } from './sequence-tools.ts';

type Given = { readonly names?: readonly string[]; readonly label?: string; readonly folds?: readonly number[][] };

/** `count` messages back and forth between the first two names. */
function make(count: number, { names = ['A', 'B'], label = 'label', folds = [] }: Given = {}): Sequence {
  const column = (value: (k: number) => number): Uint32Array => Uint32Array.from({ length: count }, (_, k) => value(k));
  return {
    participants: names.map((name) => ({ id: `agent:${name}`, kind: 'agent', name })),
    total: count,
    first: 0,
    count,
    nextCursor: null,
    from: column((k) => k % 2),
    to: column((k) => (k + 1) % 2),
    kind: Uint8Array.from(column((k) => SEQUENCE_KINDS.indexOf(k % 2 === 0 ? 'tool_call' : 'tool_result'))),
    status: new Uint8Array(count),
    inferred: new Uint8Array(count),
    label: new Uint32Array(count),
    labels: [label],
    span: column((k) => k),
    spanIds: Array.from({ length: count }, (_, k) => `s${k}`),
    time: Float64Array.from(column((k) => k * 1e6)),
    activations: {
      participant: new Uint32Array(1),
      from: new Uint32Array(1),
      to: new Uint32Array([Math.max(0, count - 1)]),
      level: new Uint8Array(1),
      open: new Uint8Array(1),
    },
    folds: {
      start: Uint32Array.from(folds, ([start = 0]) => start),
      period: Uint32Array.from(folds, ([, period = 1]) => period),
      count: Uint32Array.from(folds, ([, , times = 1]) => times),
      errors: new Uint32Array(folds.length),
    },
    doubts: { untimed: 0, skewed: 0, missingParents: 0, cyclicParents: 0, running: 0 },
  };
}

const HOSTILE = '</text><script>alert(1)</script>;%% end\nactivate p0 #35; "x" \u202e\u0000\ud800';

test('a repeat shows one turn until it is opened', () => {
  // One outer repeat of three turns, each with an inner one of three.
  const folds = [
    [1, 8, 3],
    [1, 2, 3],
    [9, 2, 3],
    [17, 2, 3],
  ];
  const sequence = make(27, { folds });
  const closed = sequenceRows(sequence, new Set());
  expect([...closed.message]).toEqual([0, 1, 2, 7, 8, 25, 26]);
  expect(closed.frames).toEqual([
    { fold: 0, first: 1, last: 4, depth: 0, open: false },
    { fold: 1, first: 1, last: 2, depth: 1, open: false },
  ]);
  const outer = sequenceRows(sequence, new Set([0]));
  expect([...outer.message]).toEqual([0, 1, 2, 7, 8, 9, 10, 15, 16, 17, 18, 23, 24, 25, 26]);
  const all = sequenceRows(sequence, new Set([0, 1, 2, 3]));
  expect(all.message.length).toBe(27);
  expect([...openTo(sequence, new Set(), 13)].sort()).toEqual([0, 2]);
  expect([...openTo(sequence, new Set(), 1)]).toEqual([]);
  expect(rowOfMessage(closed, 13)).toBe(4);
  expect(rowOfMessage(closed, 26)).toBe(6);
  expect([0, 7, 13, 14, 24, 26].map((k) => standsFor(sequence, closed, k))).toEqual([0, 7, 1, 2, 8, 26]);
});

test('frames at the very end are closed', () => {
  const { message, frames } = sequenceRows(make(9, { folds: [[0, 3, 3]] }), new Set());
  expect([...message]).toEqual([0, 1, 2]);
  expect(frames).toEqual([{ fold: 0, first: 0, last: 2, depth: 0, open: false }]);
});

test('names and labels cannot leave their line of Mermaid', () => {
  const text = toMermaid(make(9, { names: [HOSTILE, 'end'], label: HOSTILE, folds: [[0, 2, 3]] }));
  expect(text.split('\n').filter((line) => !/^ {2}/.test(line))).toEqual(['sequenceDiagram', '']);
  for (const line of text.split('\n')) {
    expect(line).toMatch(
      /^(?:sequenceDiagram|| +participant p\d as [^;#<>"%]*(?:#\d+;[^;#<>"%]*)*| +loop ×\d+| +end| +p\d--?(?:>>|x)p\d: [^;#<>"%]*(?:#\d+;[^;#<>"%]*)*)$/,
    );
  }
  expect(text.match(/^ +loop/gm)?.length).toBe(text.match(/^ +end$/gm)?.length);
  expect(escapeMermaid('Send')).toBe('Send');
  expect(escapeMermaid('the end')).toBe('the #101;nd');
  expect(escapeMermaid('  ')).not.toBe('');
});

test('text in an SVG is text', () => {
  const svg = toSvg(make(9, { names: [HOSTILE, 'B'], label: HOSTILE, folds: [[0, 2, 3]] }));
  expect(svg).not.toMatch(/<script|<\/text><\/|on\w+=|href|url\(|@import/i);
  expect(svg).not.toMatch(/[\u0000-\u0008\u202e]/);
  expect(svg).not.toMatch(/\p{Cs}/u);
  const tags = [...svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)];
  const open: string[] = [];
  for (const [, closing, name, self] of tags) {
    if (closing === '/') expect(open.pop()).toBe(name);
    else if (self !== '/') open.push(name ?? '');
  }
  expect(open).toEqual([]);
});

test('escaping keeps everything to one well-formed line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escapeXml(text)).toMatch(/^[^<>"'\n]*$/);
      expect(escapeXml(text)).not.toMatch(/\p{Cs}/u);
      expect(escapeMermaid(text)).toMatch(/^(?:[^;#<>"%\n]|#\d+;)+$/);
    }),
  );
});

test('long ones say what they leave out', () => {
  const sequence = make(6_000);
  expect(toMermaid(sequence)).toContain('1000 more messages are not in this diagram');
  expect(toSvg(sequence)).toContain('4000 more messages are not in this picture');
});

test('without tools, calls are messages of the agent to itself', () => {
  const given = make(4, { names: ['Ann', 'poll', 'Bob'], label: 'poll' });
  const participants = given.participants.map((one) => (one.name === 'poll' ? { ...one, kind: 'tool' as const } : one));
  const bare = withoutTools({ ...given, participants });
  expect(bare.participants.map(({ name }) => name)).toEqual(['Ann', 'Bob']);
  expect([...bare.from, ...bare.to]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(toMermaid(bare)).toContain('p0->>p0: call: poll\n');
  expect([...bare.activations.participant]).toEqual([0]);
});

test('what is open stays open when repeats come in between', () => {
  const before = make(9, { folds: [[3, 2, 3]] });
  const after = make(30, {
    folds: [
      [0, 1, 3],
      [3, 2, 9],
    ],
  });
  expect([...sameFolds(before, after, new Set([0]))]).toEqual([1]);
});
