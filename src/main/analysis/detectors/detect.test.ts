import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { ContentItem } from '#shared/message.ts';
import { anyFacts, cpuMs, fact, manyFacts, renumbered, shuffled } from '../../../../test/support/span-facts.ts';
import {
  answer,
  ask,
  contentsOf,
  findings,
  inAgent,
  json,
  say,
  text,
  type CaseSpan,
} from '../../../../test/support/detector-case.ts';
import { detectFaults } from './detect.ts';
import { DETECTORS } from './registry.ts';
import { rankSuspects } from './suspects.ts';

test('the documentation has the words of each detector, its weight and its parameters, in its order', () => {
  const words = (text: string): string => text.replace(/[*_\\]/g, '').replace(/\s+/g, ' ');
  const page = words(readFileSync(resolve(import.meta.dirname, '../../../../docs/detectors.md'), 'utf8'));
  const parts = page.split('### ').slice(1);
  expect(parts).toHaveLength(DETECTORS.length);
  for (const [k, { id, title, definition, weight, parameters }] of DETECTORS.entries()) {
    const settings = Object.entries(parameters).map(
      ([name, { value, least, most, about }]) => `- \`${name}\` ${value} (${least} to ${most}): ${about}`,
    );
    const told = [title, `\`${id}\`, weight ${weight}`, definition, ...settings].join(' ');
    expect((parts[k] ?? '').trim(), title).toBe(words(told));
  }
});

test('all sixteen detectors have an id, a title, a definition and parameters of their own within their bounds', () => {
  expect(new Set(DETECTORS.map(({ id }) => id)).size).toBe(16);
  for (const { definition, parameters } of DETECTORS) {
    expect(definition.length).toBeGreaterThan(80);
    for (const [name, { value, least, most, whole, about }] of Object.entries(parameters)) {
      expect(definition).toContain(`\`${name}\``);
      expect(value).toBeGreaterThanOrEqual(least);
      expect(most).toBeGreaterThan(value);
      if (whole) expect(Number.isInteger(value) && Number.isInteger(least) && Number.isInteger(most)).toBe(true);
      expect(about).toMatch(/^[A-Z]/);
    }
  }
});

const item: fc.Arbitrary<ContentItem> = fc.constantFrom(
  say('user', 'Order W48211, at most 140 euros.'),
  say('assistant', 'Let me check the page.', { finishReason: 'length' }),
  say('assistant', 'TERMINATE'),
  ask({ id: 'c1', name: 's1', arguments: { id: 'W99312' } }),
  answer('c1', 'error: nothing there'),
  json({ id: 'W99312', __proto__x: 1 }),
  json({ triggered: true }),
  text('Error: it failed'),
  text('{"broken'),
);

function anyCase(): fc.Arbitrary<CaseSpan[]> {
  const contents = fc.record({ input: fc.array(item, { maxLength: 3 }), output: fc.array(item, { maxLength: 2 }) });
  return anyFacts(30).chain((facts) =>
    fc
      .array(contents, { minLength: facts.length, maxLength: facts.length })
      .map((all) => facts.map((one, k) => ({ ...one, start: one.start ?? 0, ...all[k] }))),
  );
}

test('the same findings in whatever order the spans arrived; each rests on spans of the trace', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      anyCase().chain((spans) => fc.tuple(fc.constant(spans), shuffled(spans) as fc.Arbitrary<CaseSpan[]>)),
      ([spans, other]) => {
        const found = findings(spans);
        expect(findings(renumbered(other) as CaseSpan[])).toEqual(found);
        const ids = new Set(spans.map(({ spanId }) => spanId));
        for (const { detector, spanIds, reason } of found) {
          seen.add(detector);
          expect(spanIds.length).toBeGreaterThan(0);
          for (const id of spanIds) expect(ids.has(id)).toBe(true);
          expect(reason).toMatch(/\.$/);
          expect(reason).not.toMatch(/NaN|undefined|Infinity/);
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(seen.size).toBeGreaterThan(2);
});

test('most severe first, then in time order', () => {
  const turn = (spanId: string, output: ContentItem): Partial<CaseSpan> & { spanId: string } => ({
    spanId,
    kind: 'generation',
    output: [output],
  });
  const spans = inAgent('A', [
    turn('g1', say('assistant', 'TERMINATE')),
    turn('g2', say('assistant', 'cut', { finishReason: 'length' })),
    turn('g3', say('assistant', 'cut too', { finishReason: 'length' })),
  ]);
  expect(findings(spans).map(({ detector, severity, spanIds }) => `${severity} ${detector} ${spanIds[0]}`)).toEqual([
    'high truncated-output g3',
    'medium truncated-output g2',
    'low work-after-done g2',
  ]);
});

test('too many findings of one detector are counted, not listed', () => {
  const spans = Array.from({ length: 250 }, (_, k) => fact(`s${k}`, { parentId: `gone ${k}` }));
  const { findings: listed, more } = detectFaults(spans, contentsOf(spans));
  expect(listed).toHaveLength(200);
  expect(more).toEqual({ 'orphan-work': 50 });
});

test('suspects: the heavier detector counts more, a habit counts ever less', () => {
  const found = (agent: string, detector: string, spanId: string) =>
    ({ agent, detector, spanIds: [spanId], severity: 'medium', reason: spanId, evidence: [] }) as const;
  const weights = [
    { id: 'small', weight: 1 },
    { id: 'large', weight: 4 },
  ];
  const suspects = rankSuspects(
    [found('A', 'small', 'a1'), found('A', 'small', 'a2'), found('B', 'small', 'b1'), found('B', 'large', 'b2')],
    weights,
    new Map([
      ['A', { calls: 3, first: 'a0' }],
      ['C', { calls: 1, first: 'c0' }],
    ]),
  );
  expect(suspects).toEqual([
    { agent: 'B', spanId: 'b2', score: 5, findings: 2, reasons: ['b1', 'b2'] },
    { agent: 'A', spanId: 'a1', score: 3, findings: 2, reasons: ['a1', 'a2'] },
    { agent: 'C', spanId: 'c0', score: 0.5, findings: 0, reasons: ['C made 1 of 4 calls; no rule points to it.'] },
  ]);
});

test('time grows with the spans, not with their square', () => {
  const spans = manyFacts(60_000);
  const contents = contentsOf(spans);
  detectFaults(spans.slice(0, 2_000), contents);
  expect(cpuMs(() => detectFaults(spans, contents))).toBeLessThan(3_000);
  const flat = spans.map((span) => ({
    ...span,
    kind: 'tool' as const,
    parentId: null,
    agent: 'A',
    status: 'error' as const,
  }));
  expect(cpuMs(() => detectFaults(flat, contents))).toBeLessThan(3_000);
});
