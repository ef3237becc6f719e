import { expect, test } from 'vitest';
import type { AnnotationRow } from '#shared/annotation.ts';
import type { ViewGraph } from '../../../charts/graph/view-graph.ts';
import { graphNotes, isAboutEdge } from './note-marks.ts';

function row(more: Partial<AnnotationRow>): AnnotationRow {
  return {
    ...{ id: 'a', traceId: 't', kind: 'note', taxonomy: null, category: null, severity: null, score: null },
    ...{ passed: null, note: null, tags: [], agent: null, isRootCause: false, evidenceSpanId: null },
    ...{ correction: null, answers: null, preference: null, extra: {}, author: null, createdAt: null },
    ...{ editor: null, editedAt: null, imported: false, conflict: false, place: { kind: 'trace' }, ...more },
  };
}

const EDGE = { from: 'agent:A', to: 'agent:B', kind: 'handoff' };
const view = {
  nodes: ['agent:A', 'team:X'].map((id) => ({ id })),
  edges: [{ ...EDGE, key: 'k', sources: ['agent:A'], targets: ['agent:B'], evidence: ['h1'] }],
  home: new Map([['agent:B', 'team:X']]),
} as unknown as Pick<ViewGraph, 'nodes' | 'edges' | 'home'>;

test('annotations stand at the drawn node of an agent, at the edge, at the blamed agent and at the actor', () => {
  const edge = { kind: 'edge', from: 'agent:A', to: 'agent:B', edge: 'handoff', spanId: null } as const;
  const rows = [
    row({ place: { kind: 'agent', agent: 'B' } }),
    row({ place: edge }),
    row({ place: { ...edge, spanId: 'h1' }, isRootCause: true }),
    row({ kind: 'blame', agent: 'A', place: { kind: 'span', spanId: 's' } }),
    row({ place: { kind: 'trace' } }),
  ];
  const marks = graphNotes(view, rows, () => 'agent:B');
  expect([...marks].map(([place, { count, root }]) => [place, count, root])).toEqual([
    ['node:team:X', 2, false],
    ['edge:k', 2, true],
    ['node:agent:A', 1, false],
  ]);
  const about = { from: ['agent:A'], to: ['agent:B', 'agent:C'], kind: 'handoff' };
  expect(rows.map((each) => isAboutEdge(each, about))).toEqual([false, true, true, false, false]);
});
