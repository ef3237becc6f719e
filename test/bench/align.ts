/** Two traces step by step: how exactly the place of a known edit is found, and how long it takes. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { alignSteps, type StepFacts } from '../../src/main/analysis/alignment/align-steps.ts';
import { alignSymbols } from '../../src/main/analysis/alignment/common-subsequence.ts';
import { alignPair } from '../../src/main/engine/api/align-pair.ts';
import { loadAt, locate } from '../../src/main/engine/api/load-trace.ts';
import { createEngine, type Engine } from '../../src/main/engine/create-engine.ts';
import { connectReader } from '../../src/main/store/open.ts';
import { edit, EDITS, isWhere, makeSteps, type StepNode, toFacts, toNodes } from '../support/step-edits.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure, percentile } from './figure.ts';

const GENERATED = 200;
const ECHOES = [0, 0.3, 0.8] as const;
const LARGE = 10_000;
const SMALL = 2_000;
const FIXTURES = resolve(import.meta.dirname, '../fixtures/formats');
/** Traces with fewer spans hold no place that could be missed. */
const FEWEST_SPANS = 8;
const EDITS_PER_TRACE = 12;

export const align: Benchmark = {
  id: 'align',
  method: `One edit of each kind (insert, delete, change, move, repeat a block) at a place of chance, in ${GENERATED} generated traces of 20 to 200 spans and in each trace of ${FEWEST_SPANS} to 2,000 spans among the recorded fixtures, with 0, 30 and 80 % of all later steps in other words. Found exactly: the step that is marked as the first divergence is the edited one, or (of equal neighbours nobody can tell which one is gone) lies in the first row at which both traces, read in order, differ. Speed: a made trace against itself with every twentieth step in other words and every fiftieth gone, median of five; the whole call in an engine loads both traces, reads their contents and makes the answer, the first time. Baseline: the longest common subsequence of the names alone.`,
  async run({ folder, say }) {
    const engine = await createEngine({
      workspace: join(folder, 'align.tracewright'),
      httpPort: 0,
      appVersion: 'bench',
    });
    if (!engine.ok) throw new Error(engine.error.message);
    try {
      const recorded = await recordedTraces(engine.value, join(folder, 'align.tracewright'));
      say(`${recorded.length} recorded traces`);
      const generated = Array.from({ length: GENERATED }, (_, k) => makeSteps(k + 1, [20, 60, 200][k % 3] ?? 20));
      return [
        ...recovery('generated', generated, 1),
        ...recovery('recorded', recorded, EDITS_PER_TRACE),
        ...speed(),
        ...(await wholeCalls(engine.value)),
      ];
    } finally {
      await engine.value.close();
    }
  },
};

async function recordedTraces(engine: Engine, workspace: string): Promise<StepNode[][]> {
  for (const name of readdirSync(FIXTURES)) {
    const folder = join(FIXTURES, name);
    await engine.call('import.run', { jobId: `align ${name}`, paths: [folder] });
  }
  await engine.settle();
  const rows = await engine.call('sql.query', {
    sql: `SELECT trace_id FROM trace WHERE spans BETWEEN ${FEWEST_SPANS} AND 2000 ORDER BY trace_id`,
    limit: 100_000,
  });
  const reader = connectReader(workspace, null);
  try {
    return rows.map((row) => {
      const id = typeof row.trace_id === 'string' ? row.trace_id : '';
      const loaded = loadAt(reader, id, locate(reader, id));
      return toNodes(alignPair(reader, loaded, loaded).a.facts);
    });
  } finally {
    reader.close();
  }
}

function recovery(what: string, traces: readonly (readonly StepNode[])[], rounds: number): Figure[] {
  let [all, allFound] = [0, 0];
  const figures: Figure[] = [];
  for (const kind of EDITS) {
    let [made, found] = [0, 0];
    for (const echo of ECHOES) {
      for (const [k, roots] of traces.entries()) {
        for (let round = 0; round < rounds; round++) {
          const edited = edit(roots, kind, k * 7 + round * 1_009 + 1, echo);
          if (!edited) continue;
          made++;
          const { steps, firstDivergence } = alignSteps(edited.a, edited.b);
          if (isWhere(steps[firstDivergence], edited)) found++;
        }
      }
    }
    figures.push(figure(`first divergence found exactly, ${what}: ${kind} (${made})`, found / made, 'share', null));
    all += made;
    allFound += found;
  }
  figures.push(
    figure(`first divergence found exactly, ${what}: all edits (${all})`, allFound / all, 'share', { atLeast: 0.98 }),
  );
  return figures;
}

/** Every twentieth step in other words, and every fiftieth gone. */
function mutated(roots: readonly StepNode[]): StepNode[] {
  let row = 0;
  const visit = (nodes: readonly StepNode[]): StepNode[] =>
    nodes.flatMap((node) => {
      const place = ++row;
      const inside = visit(node.inside);
      if (place % 50 === 0 && inside.length === 0) return [];
      return [place % 20 === 0 ? { ...node, input: 5_000_000 + place, inside } : { ...node, inside }];
    });
  return visit(roots);
}

function speed(): Figure[] {
  const flat = (spans: number): StepNode[] =>
    makeSteps(3, spans)
      .flatMap((root) => [root, ...root.inside])
      .map((node) => ({ ...node, inside: [] }));
  const cases: readonly [string, StepFacts, StepFacts, number][] = [
    [`${LARGE.toLocaleString('en-US')} spans each`, ...pairOf(makeSteps(1, LARGE)), 300],
    [
      `${LARGE.toLocaleString('en-US')} spans each, unrelated`,
      toFacts(makeSteps(1, LARGE)),
      toFacts(makeSteps(2, LARGE)),
      300,
    ],
    [`${LARGE.toLocaleString('en-US')} siblings each`, ...pairOf(flatOf(flat, LARGE)), 300],
    [`${SMALL.toLocaleString('en-US')} spans each`, ...pairOf(makeSteps(1, SMALL)), 60],
    [
      `${SMALL.toLocaleString('en-US')} spans each, unrelated`,
      toFacts(makeSteps(1, SMALL)),
      toFacts(makeSteps(2, SMALL)),
      60,
    ],
  ];
  return cases.map(([name, a, b, below]) => {
    const baseline = { name: 'common names alone', value: median(() => alignSymbols(a.key, b.key)), unit: 'ms' };
    return figure(
      `aligning ${name}`,
      median(() => alignSteps(a, b)),
      'ms',
      { below },
      baseline,
    );
  });
}

function pairOf(roots: readonly StepNode[]): [StepFacts, StepFacts] {
  return [toFacts(roots), toFacts(mutated(roots))];
}

function flatOf(flat: (spans: number) => StepNode[], spans: number): StepNode[] {
  const list: StepNode[] = [];
  while (list.length < spans) list.push(...flat(spans));
  return list.slice(0, spans);
}

function median(work: () => unknown): number {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const started = performance.now();
    work();
    times.push(performance.now() - started);
  }
  return percentile(times, 0.5);
}

async function wholeCalls(engine: Engine): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [spans, below] of [
    // Starts the thread, and is no figure.
    [200, null],
    [SMALL, 60],
    [LARGE, 300],
  ] as const) {
    const [a, b] = [
      `trace_${'a'.repeat(24)}${String(spans).padStart(8, '0')}`,
      `trace_${'b'.repeat(24)}${String(spans).padStart(8, '0')}`,
    ];
    for (const [id, changed] of [
      [a, false],
      [b, true],
    ] as const) {
      const items = bodyOf(id, spans, changed);
      for (let from = 0; from < items.length; from += 2_000) {
        const answer = await fetch(`${engine.info().httpUrl ?? ''}/v1/traces/ingest`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ data: items.slice(from, from + 2_000) }),
        });
        if (!answer.ok) throw new Error(`The collector answered ${answer.status}.`);
      }
    }
    await engine.settle();
    const started = performance.now();
    await engine.call('align.traces', { a, b });
    const first = performance.now() - started;
    const next = performance.now();
    await engine.call('align.traces', { a: b, b: a });
    const again = performance.now() - next;
    if (below === null) continue;
    const name = `${spans.toLocaleString('en-US')} spans each`;
    figures.push(
      figure(`whole call, first: ${name}`, first, 'ms', { below }),
      figure(`whole call, turned round: ${name}`, again, 'ms', { below }),
    );
  }
  return figures;
}

/** Turns of one agent: a model call with what is new, a tool call with a result; ids of its own. */
function bodyOf(trace: string, spans: number, changed: boolean): object[] {
  const at = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 100).toISOString();
  const id = (place: number): string => `span_${trace.slice(6, 7)}${String(spans)}${String(place).padStart(18, '0')}`;
  const items: object[] = [{ object: 'trace', id: trace, workflow_name: 'Long' }];
  const add = (place: number, parent: number | null, data: object, length: number): void => {
    items.push({
      object: 'trace.span',
      id: id(place),
      trace_id: trace,
      parent_id: parent === null ? null : id(parent),
      started_at: at(place),
      ended_at: at(place + length),
      span_data: data,
      error: null,
    });
  };
  let agent = 0;
  for (let place = 0; place < spans; place++) {
    const other = changed && place % 20 === 7 ? ' in other words' : '';
    if (place % 40 === 0) {
      agent = place;
      add(place, null, { type: 'agent', name: `Agent ${(place / 40) % 7}` }, 40);
    } else if (place % 2 === 1) {
      const said = { role: 'assistant', content: `Answer ${place}: ${'some words that were said '.repeat(8)}${other}` };
      const heard = { role: 'user', content: `Question ${place}: ${'some words that were asked '.repeat(8)}` };
      add(place, agent, { type: 'generation', model: 'gpt-4.1', input: [heard], output: [said] }, 1);
    } else if (!(changed && place % 50 === 0)) {
      const call = { type: 'function', name: `tool_${place % 6}`, input: `{"place":${place}}` };
      add(place, agent, { ...call, output: `Result ${place}: ${'a row of a table '.repeat(10)}${other}` }, 1);
    }
  }
  return items;
}
