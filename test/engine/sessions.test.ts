/** A conversation of many trace ids is one session: listed, placed, and read as one trace by every call that reads one. */
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { migrations } from '../../src/main/store/migrations/index.ts';
import { SPAN_FLAGS } from '#shared/trace.ts';
import { sessionAddress, sessionSpanId, splitSessionSpanId } from '#shared/session.ts';
import { sendItems, spanItem, traceItem } from '../support/agents-items.ts';
import { geminiConversation } from '../support/gemini-conversation.ts';
import { loadOtlpFixture } from '../support/otlp.ts';
import { endpoint, startEngine } from '../support/workspace.ts';

const GEMINI = 'gemini-conversation-1';
const ADDRESS = sessionAddress(GEMINI);

async function send(engine: Engine, body: unknown): Promise<void> {
  const response = await fetch(endpoint(engine, '/v1/traces'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

async function withGemini(): Promise<Engine> {
  const engine = await startEngine();
  for (const body of geminiConversation()) await send(engine, body);
  await engine.settle();
  return engine;
}

test('six traces of one conversation id are one session, with its first words, sums and bars', async () => {
  const engine = await withGemini();
  const { rows, total, nextCursor } = await engine.call('session.list', {});
  expect({ total, nextCursor }).toEqual({ total: 1, nextCursor: null });
  expect(rows[0]).toMatchObject({
    id: GEMINI,
    title: 'Which files of this project are never imported?',
    traces: 6,
    spans: 9,
    errors: 1,
    agents: ['gemini-cli'],
    outputTokens: 160,
    costBasis: 'estimated',
    source: 'gemini-cli',
  });
  expect(rows[0]!.bars.map((bar) => bar.start)).toEqual(
    [...rows[0]!.bars.map((bar) => bar.start)].sort((a, b) => a - b),
  );
  expect(rows[0]!.bars[0]!.start).toBe(0);
  expect(await engine.call('session.get', { sessionId: GEMINI })).toEqual(rows[0]);
  const traces = await engine.call('session.traces', { sessionId: GEMINI });
  expect(traces.rows.map(({ name }) => name)).toEqual([
    'llm_call',
    'schedule_tool_calls',
    'llm_call',
    'llm_call',
    'schedule_tool_calls',
    'llm_call',
  ]);
  expect(traces.rows[3]!.start! - traces.rows[2]!.end!).toBeGreaterThan(46 * 60e9);
  const third = traces.rows[2]!.id;
  expect(await engine.call('session.place', { traceId: third })).toEqual({
    sessionId: GEMINI,
    position: 3,
    total: 6,
    previous: traces.rows[1]!.id,
    next: traces.rows[3]!.id,
  });
});

test('it reads as one trace: tree, graph, conversation, find, span, bytes', async () => {
  const engine = await withGemini();
  const { trace, columns } = await engine.call('trace.open', { traceId: ADDRESS });
  expect(trace).toMatchObject({ id: ADDRESS, session: GEMINI, spans: 9, errors: 1, agents: ['gemini-cli'] });
  expect(await engine.call('trace.get', { traceId: ADDRESS })).toEqual(trace);
  expect(columns.count).toBe(9);
  expect([...columns.depth]).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0]);
  expect(new Set(columns.ids).size).toBe(9);
  const starts = [...columns.start].filter((_, row) => columns.depth[row] === 0);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));

  const graph = await engine.call('trace.graph', { traceId: ADDRESS });
  expect(graph.nodes.map(({ id, spans }) => [id, spans])).toEqual(
    expect.arrayContaining([
      ['agent:gemini-cli', 9],
      ['tool:list_directory', 1],
      ['tool:run_shell_command', 1],
    ]),
  );
  const edge = graph.edges.find(({ to }) => to === 'tool:run_shell_command')!;
  const { crossings } = await engine.call('trace.edge', { traceId: ADDRESS, ...edge });
  expect(crossings[0]!.passed[0]!.item).toMatchObject({ value: { command: 'rm src/b.ts && npm test' } });

  const { entries, total } = await engine.call('trace.conversation', { traceId: ADDRESS });
  expect(total).toBe(7);
  const calls = entries.filter(({ kind }) => kind === 'generation');
  // Each call repeats what was said before; it is shown once.
  expect(calls.map(({ input, repeated }) => [input.length, repeated])).toEqual([
    [1, 0],
    [1, 2],
    [1, 4],
    [1, 6],
  ]);
  expect(entries.find(({ status }) => status === 'error')!.error).toBe('npm test: exit code 1');

  const found = await engine.call('trace.find', { traceId: ADDRESS, text: 'nobody' });
  expect(found.spanIds.length).toBeGreaterThan(0);
  const spanId = found.spanIds[0]!;
  const span = await engine.call('span.get', { traceId: ADDRESS, spanId });
  expect(span).toMatchObject({ traceId: ADDRESS, id: spanId, kind: 'generation', parentId: null });
  const own = splitSessionSpanId(spanId);
  expect((await engine.call('span.get', { traceId: own.traceId, spanId: own.spanId! })).startNs).toBe(span.startNs);
  expect((await engine.call('span.raw', { traceId: ADDRESS, spanId })).text).toContain('gemini-conversation-1');
  await expect(engine.call('span.get', { traceId: ADDRESS, spanId: 'elsewhere/1' })).rejects.toThrow(/does not exist/);
  await expect(engine.call('trace.open', { traceId: 'session:none' })).rejects.toThrow(/does not exist/);
  expect(await engine.call('issue.list', { traceId: ADDRESS })).toEqual([]);
});

test('equal span ids of two traces stay apart; a trace with several roots is one group, its lost parents still marked', async () => {
  const engine = await startEngine();
  for (const trace_id of ['a', 'b/c']) {
    await sendItems(engine, [
      traceItem({ id: trace_id, group_id: 's' }),
      spanItem({ trace_id, id: 'x' }),
      ...(trace_id === 'a'
        ? []
        : [spanItem({ trace_id, id: 'y' }), spanItem({ trace_id, id: 'z/1', parent_id: 'lost' })]),
    ]);
  }
  await engine.settle();
  const { trace, columns } = await engine.call('trace.open', { traceId: 'session:s' });
  expect(trace.spans).toBe(4);
  expect([...columns.ids]).toEqual(['a/x', 'b%2Fc', 'b%2Fc/x', 'b%2Fc/y', 'b%2Fc/z/1']);
  expect([...columns.depth]).toEqual([0, 0, 1, 1, 1]);
  expect([...columns.flags]).toEqual([0, 0, 0, 0, SPAN_FLAGS.missingParent]);
  for (const spanId of columns.ids) {
    const span = await engine.call('span.get', { traceId: 'session:s', spanId });
    expect(span.id).toBe(spanId);
  }
  const group = await engine.call('span.get', { traceId: 'session:s', spanId: 'b%2Fc' });
  expect(group).toMatchObject({ kind: 'chain', subtype: 'trace', name: 'flow', attributes: { 'trace.id': 'b/c' } });
  const inside = await engine.call('span.get', { traceId: 'session:s', spanId: sessionSpanId('b/c', 'y') });
  expect(inside.parentId).toBe('b%2Fc');
  await expect(engine.call('span.raw', { traceId: 'session:s', spanId: 'b%2Fc' })).rejects.toThrow(
    /stands for a trace/,
  );
});

test('a trace whose id looks like a session is itself', async () => {
  const engine = await startEngine();
  await sendItems(engine, [traceItem({ id: 'session:s', group_id: 's' }), spanItem({ trace_id: 'session:s' })]);
  await engine.settle();
  const { trace, columns } = await engine.call('trace.open', { traceId: 'session:s' });
  expect(trace.id).toBe('session:s');
  expect(columns.ids).toEqual(['s1']);
});

test('the codex capture: the work of its one conversation reads as one', async () => {
  const engine = await startEngine();
  for (const name of ['codex-json-2', 'codex-json-1']) {
    await send(engine, JSON.parse(Buffer.from(loadOtlpFixture(name).bytes).toString('utf8')));
  }
  await engine.settle();
  const { rows } = await engine.call('session.list', {});
  expect(rows).toHaveLength(1);
  const { trace, columns } = await engine.call('trace.open', { traceId: sessionAddress(rows[0]!.id) });
  // What the others do (18 traces of 702 spans in all) names no conversation: a read of a file, a check of a login.
  expect({ traces: rows[0]!.traces, spans: trace.spans }).toEqual({ traces: 4, spans: 687 });
  expect(columns.count).toBeGreaterThanOrEqual(687);
});

test('search, pages, live sums, and nothing left when the traces are gone', async () => {
  const engine = await withGemini();
  for (let n = 0; n < 5; n++) {
    await sendItems(engine, [
      traceItem({ id: `t${n}`, group_id: `chat-${n}` }),
      spanItem({
        trace_id: `t${n}`,
        started_at: `2026-02-0${n + 1}T00:00:00Z`,
        ended_at: `2026-02-0${n + 1}T00:00:02Z`,
      }),
    ]);
  }
  await engine.settle();
  async function ids(query: string): Promise<string[]> {
    return (await engine.call('session.list', { query })).rows.map(({ id }) => id);
  }
  expect(await ids('')).toEqual(['chat-4', 'chat-3', 'chat-2', 'chat-1', 'chat-0', GEMINI]);
  expect(await ids('chat-3')).toEqual(['chat-3']);
  expect(await ids('session:gemini')).toEqual([GEMINI]);
  expect(await ids('-session:chat')).toEqual([GEMINI]);
  expect(await ids('lunch')).toEqual([]);
  expect(await ids('error:true')).toEqual([GEMINI]);
  expect(await ids('tool:run_shell_command tool:read_file')).toEqual([GEMINI]);
  expect(await ids('duration:>1s duration:<1min')).toHaveLength(5);
  expect(await ids('tokens:>100')).toEqual([GEMINI]);
  const first = await engine.call('session.list', { limit: 4 });
  const rest = await engine.call('session.list', { limit: 4, cursor: first.nextCursor! });
  expect([...first.rows, ...rest.rows].map(({ id }) => id)).toEqual(await ids(''));
  expect({ total: rest.total, next: rest.nextCursor }).toEqual({ total: 6, next: null });

  await sendItems(engine, [
    traceItem({ id: 't9', group_id: 'chat-4' }),
    spanItem({ trace_id: 't9', error: { message: 'no' } }),
  ]);
  await engine.settle();
  expect(await engine.call('session.get', { sessionId: 'chat-4' })).toMatchObject({ traces: 2, spans: 2, errors: 1 });
  const all = await engine.call('trace.list', { limit: 100 });
  await engine.call('trace.delete', { traceIds: all.rows.map(({ id }) => id) });
  expect((await engine.call('session.list', {})).rows).toEqual([]);
  expect(await engine.call('sql.query', { sql: 'SELECT * FROM session' })).toEqual([]);
});

test('the sums equal what a scan finds, whatever happens to the traces', async () => {
  const db = new Database(':memory:');
  for (const { sql } of migrations) db.exec(sql);
  const insert = db.prepare(
    `INSERT INTO trace (trace_id, tags, source, dialect, first_received, last_received, live_until, revision, dirty, sort_ns, status, spans, errors, agents, tools, models, issues)
     VALUES (?, '[]', '', '', 0, 0, 0, 0, 1, 0, 'running', 0, 0, '[]', '[]', '[]', 0)`,
  );
  for (let n = 0; n < 12; n++) insert.run(`t${n}`);
  let seed = 7;
  const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const update = db.prepare(
    'UPDATE trace SET session_id = ?, sort_ns = ?, start_ns = ?, end_ns = ?, status = ?, spans = ?, errors = ?, input_tokens = ?, output_tokens = ?, cost = ?, cost_basis = ? WHERE trace_id = ?',
  );
  for (let step = 0; step < 400; step++) {
    const start = next(1_000);
    const known = next(3) > 0;
    update.run(
      next(4) === 0 ? null : `s${next(3)}`,
      start,
      known ? start : null,
      known ? start + next(50) : null,
      ['ok', 'error', 'running', 'tool_errors'][next(4)],
      next(9),
      next(3),
      next(2) ? next(100) : null,
      next(2) ? next(100) : null,
      next(2) ? next(8) / 4 : null,
      [null, 'stated', 'estimated', 'partly'][next(4)],
      `t${next(12)}`,
    );
    if (next(40) === 0) db.prepare('DELETE FROM trace WHERE trace_id = ?').run(`t${next(12)}`);
    expect(
      db
        .prepare('SELECT * FROM session ORDER BY session_id')
        .all()
        .map((row) => ({ ...(row as object), session_key: 0 })),
    ).toEqual(
      db
        .prepare(
          `SELECT 0 AS session_key, session_id, max(sort_ns) AS sort_ns, min(start_ns) AS start_ns, max(end_ns) AS end_ns, count(*) AS traces,
             sum(status = 'running') AS running, sum(status = 'error') AS failed, sum(status = 'tool_errors') AS tool_errors, sum(spans) AS spans,
             sum(errors) AS errors, count(input_tokens) AS inputs, total(input_tokens) AS input_tokens, count(output_tokens) AS outputs,
             total(output_tokens) AS output_tokens, count(cost) AS costs, sum(cost_basis IS 'stated') AS stated_costs,
             sum(cost_basis IS 'estimated') AS estimated_costs, total(cost) AS cost
           FROM trace WHERE session_id IS NOT NULL GROUP BY session_id ORDER BY session_id`,
        )
        .all(),
    );
  }
});

test('a workspace from before has its sessions after the migration', () => {
  const db = new Database(':memory:');
  const at = migrations.findIndex(({ name }) => name === 'sessions');
  for (const { sql } of migrations.slice(0, at)) db.exec(sql);
  db.exec(`INSERT INTO trace (trace_id, session_id, tags, source, dialect, first_received, last_received, live_until, revision, dirty, sort_ns, status, start_ns, end_ns,
      spans, errors, cost, agents, tools, models, issues) VALUES
    ('a', 's', '[]', '', '', 0, 0, 0, 1, 0, 5, 'ok', 5, 9, 3, 0, 0.5, '[]', '[]', '[]', 0), ('b', 's', '[]', '', '', 0, 0, 0, 1, 0, 7, 'error', 7, 8, 2, 1, NULL, '[]', '[]', '[]', 0),
    ('c', NULL, '[]', '', '', 0, 0, 0, 1, 0, 7, 'error', 7, 8, 2, 1, NULL, '[]', '[]', '[]', 0)`);
  db.exec(migrations[at]!.sql);
  expect(db.prepare('SELECT * FROM session').all()).toMatchObject([
    {
      session_id: 's',
      sort_ns: 7,
      start_ns: 5,
      end_ns: 9,
      traces: 2,
      failed: 1,
      spans: 5,
      errors: 1,
      costs: 1,
      cost: 0.5,
    },
  ]);
});

test('listing reads the index of sessions, not the traces', () => {
  const db = new Database(':memory:');
  for (const { sql } of migrations) db.exec(sql);
  function plan(sql: string): string {
    return (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[])
      .map(({ detail }) => detail)
      .join('\n');
  }
  expect(plan('SELECT * FROM session s ORDER BY s.sort_ns DESC, s.session_id DESC LIMIT 50')).toBe(
    'SCAN s USING INDEX session_by_time',
  );
  expect(plan("SELECT * FROM trace WHERE session_id = 's' ORDER BY sort_ns DESC, trace_id DESC LIMIT 60")).toBe(
    'SEARCH trace USING INDEX trace_by_session (session_id=?)',
  );
  expect(
    plan(
      "SELECT * FROM trace WHERE session_id = 's' AND (sort_ns, trace_id) > (5, 'a') ORDER BY sort_ns, trace_id LIMIT 2",
    ),
  ).toBe('SEARCH trace USING INDEX trace_by_session (session_id=? AND (sort_ns,trace_id)>(?,?))');
});
