import { expect, test } from 'vitest';
import type { ContentView, SpanDetail } from '#shared/trace.ts';
import { tabsHolding } from './find-tab.ts';

function text(content: string): ContentView {
  return { key: 1, size: content.length, item: { kind: 'text', text: content }, preview: null };
}

function detail(more: Partial<SpanDetail>): SpanDetail {
  const nothing = { agent: null, model: null, tool: null, error: null, input: [], output: [], attributes: {} };
  return { name: 'chat', ...nothing, ...more } as unknown as SpanDetail;
}

test('the parts of a span that hold a text, the summary with the newest input first', () => {
  const span = detail({
    input: [text('Needle in the history'), text('newest')],
    output: [text('answer')],
    attributes: { 'x.y': ['needle'] },
  });
  expect(tabsHolding(span, 'needle')).toEqual(['input', 'attributes']);
  expect(tabsHolding(span, 'newest')).toEqual(['summary', 'input']);
  expect(tabsHolding(span, 'answer')).toEqual(['summary', 'output']);
  expect(tabsHolding(span, 'CHAT')).toEqual(['summary']);
  expect(tabsHolding(span, 'nothing')).toEqual([]);
});

test('what is not here may hold it', () => {
  const large: ContentView = { key: 2, size: 9e6, item: null, preview: 'begins' };
  expect(tabsHolding(detail({ input: [text('a')], output: [large] }), 'needle')).toEqual(['output']);
});
