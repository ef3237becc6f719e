/** Searches by time and metadata. */
import { expect, test } from 'vitest';
import { sendItems } from '../support/agents-items.ts';
import { supportRun } from '../support/support-run.ts';
import { startEngine } from '../support/workspace.ts';

test('since, until and meta find traces, and the sessions that hold them', async () => {
  const engine = await startEngine();
  await sendItems(engine, [
    // At midnight, one minute and two minutes later, on the first of January.
    ...supportRun({ id: 't0', metadata: { team: 'search', n: 3, ok: true, none: null } }),
    ...supportRun({
      id: 't1',
      minute: 1,
      session: 's1',
      metadata: { run: { case: 'no 7' }, 'a.b': 'x', metadata: { n: 4 } },
    }),
    ...supportRun({ id: 't2', minute: 2, metadata: { team: 'Search', list: [1, 2], 'odd"name': 'y' } }),
    ...supportRun({ id: 't3', minute: 3 }),
  ]);
  await engine.settle({ findings: false });
  const found = async (query: string): Promise<string> =>
    (await engine.call('trace.list', { query })).rows
      .map(({ id }) => id)
      .sort()
      .join(' ');
  expect(await found('since:2026-01-01T00:01')).toBe('t1 t2 t3');
  expect(await found('until:2026-01-01T00:01')).toBe('t0 t1');
  expect(await found('since:2026-01-01T00:01 until:2026-01-01T00:01')).toBe('t1');
  expect(await found('-since:2026-01-01T00:01')).toBe('t0');
  expect(await found('since:2026-01-01 until:2026-01-01')).toBe('t0 t1 t2 t3');
  expect(await found('until:2025-12-31')).toBe('');
  expect(await found('since:2026-01-01T02:01+02:00')).toBe('t1 t2 t3');

  expect(await found('meta:team')).toBe('t0 t2');
  expect(await found('-meta:team')).toBe('t1 t3');
  expect(await found('meta:team=search')).toBe('t0');
  expect(await found('meta:n=3')).toBe('t0');
  expect(await found('meta:n=3.0')).toBe('t0');
  expect(await found('meta:n=4')).toBe('t1');
  expect(await found('meta:ok=true')).toBe('t0');
  expect(await found('meta:none')).toBe('');
  expect(await found('meta:"run.case=no 7"')).toBe('t1');
  expect(await found('meta:a.b=x')).toBe('t1');
  expect(await found('meta:list=[1,2]')).toBe('t2');
  expect(await found('meta:"odd\\"name=y"')).toBe('t2');
  for (const hostile of ["meta:x'y", 'meta:"a.b\\\\"', 'meta:"a..b[0]"', 'meta:$', 'meta:"a.\\"b"'])
    expect(await found(hostile)).toBe('');
  const sessions = async (query: string): Promise<readonly string[]> =>
    (await engine.call('session.list', { query })).rows.map(({ id }) => id);
  expect(await sessions('meta:run.case since:2026-01-01')).toEqual(['s1']);
  expect(await sessions('meta:team')).toEqual([]);
  expect((await engine.call('trace.facets', { query: 'meta:team' })).workflow).toEqual([
    { value: 'Support', count: 2 },
  ]);
});
