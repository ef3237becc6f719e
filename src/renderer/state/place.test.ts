import { expect, test } from 'vitest';
import { currentPlace, formatPlace, go, movePlace, parsePlace, replacePlace } from './place.ts';
import { useSelection } from './selection.ts';

const nowhere = { view: '', traceId: null, q: '', tab: null, span: null, of: [] };

test.each([
  { ...nowhere, view: 'traces', q: 'agent:"Flight desk" & more #1?' },
  { ...nowhere, view: 'trace', traceId: 'weird/id?#%2F é', tab: 'graph', span: 'a b&c=d' },
  { ...nowhere, view: 'connect' },
  { ...nowhere, view: 'compare', of: ['a b', 'c&d=e'] },
])('%o survives the URL', (place) => {
  expect(parsePlace(formatPlace(place))).toEqual(place);
});

test.each(['', '#', '#/', '#//', '#/%E0%A4%A', '#/trace', '#/trace/', `#/${'x'.repeat(100_000)}`, '#/traces?%%%=&q'])(
  'reads %j without harm',
  (hash) => {
    expect(parsePlace(hash)).toMatchObject({ traceId: null });
  },
);

test('another trace starts anew, the same one keeps what is not changed', () => {
  const place = { ...nowhere, view: 'trace', traceId: 'a', tab: 'graph', span: 's' };
  expect(movePlace(place, { span: 't' })).toEqual({ ...place, span: 't' });
  expect(movePlace(place, { view: 'trace', traceId: 'b' })).toEqual({ ...nowhere, view: 'trace', traceId: 'b' });
  expect(movePlace(place, { view: 'settings' })).toEqual({ ...nowhere, view: 'settings' });
});

test('going back to a view finds its search', () => {
  go({ view: 'traces', q: 'error:true' });
  go({ view: 'trace', traceId: 'a' });
  go({ view: 'traces' });
  expect(currentPlace().q).toBe('error:true');
  go({ view: 'traces', q: '' });
  expect(location.hash).toBe('#/traces');
});

test('the selection and the place follow each other', () => {
  useSelection.getState().openTrace('t1');
  expect(currentPlace()).toMatchObject({ view: 'trace', traceId: 't1', span: null });
  useSelection.getState().setTimeCursor(5);
  useSelection.getState().selectSpan('s1');
  expect(location.hash).toBe('#/trace/t1?span=s1');
  useSelection.getState().selectEdge({ from: 'agent:A', to: 'agent:B', kind: 'handoff' });
  expect(useSelection.getState().spanId).toBe('s1');

  replacePlace({ span: 's2' });
  expect(useSelection.getState()).toMatchObject({ spanId: 's2', edge: null, timeCursor: 5 });
  go({ view: 'trace', traceId: 't2' });
  expect(useSelection.getState()).toMatchObject({ traceId: 't2', spanId: null, edge: null, timeCursor: null });
});
