/** Grading a thousand traces, as queued work in the app does: read, judged, and verdicts written. */
import { join } from 'node:path';
import type { GraderDefinition } from '#shared/grader.ts';
import type { Engine } from '../../src/main/engine/create-engine.ts';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { loadAt, locate } from '../../src/main/engine/api/load-trace.ts';
import { kindOf } from '../../src/main/graders/registry.ts';
import { readDetectorContents } from '../../src/main/store/detector-contents.ts';
import { connectReader } from '../../src/main/store/open.ts';
import { emptyState } from '../support/annotation-state.ts';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure } from './figure.ts';
import { sendAll } from './lib/load.ts';

const TRACES = 1_000;
const SPANS = 50;

type Measured = { readonly what: string; readonly below: number; readonly definition: GraderDefinition };

const MEASURED: readonly Measured[] = [
  {
    what: 'a string grader on the final answer',
    below: 3_000,
    definition: {
      type: 'string_check',
      name: 'answer',
      input: '{{ sample.output_text }}',
      reference: 'the',
      operation: 'ilike',
    },
  },
  {
    what: 'a trajectory grader on tool calls',
    below: 3_000,
    definition: { type: 'trajectory_match', name: 'calls', reference: ['search'], mode: 'superset' },
  },
  {
    what: 'a string grader on each tool call',
    below: 3_000,
    definition: {
      type: 'string_check',
      name: 'tools',
      input: '{{ span.output }}',
      reference: 'error',
      operation: 'ne',
      scope: { on: 'span', filter: { kind: 'tool' } },
    },
  },
  {
    what: 'a JavaScript grader that looks at every span',
    below: 6_000,
    definition: {
      type: 'javascript',
      name: 'spans',
      source: 'function grade(sample, item) { return trace.spans.every((span) => span.status !== "error") ? 1 : 0; }',
    },
  },
];

export const grade: Benchmark = {
  id: 'grade',
  method: `${TRACES.toLocaleString('en-US')} traces of ${SPANS} spans in a workspace. What the app does: the work is queued, a thread of its own reads each trace and grades it, and verdicts are written; from the call until all is done, the start of the thread not counted. Baseline: reading the spans and contents of the same traces, and nothing else.`,
  async run({ folder }) {
    const path = join(folder, 'grade.tracewright');
    const engine = await open(path);
    await fill(engine);
    const baseline = { name: 'only read', value: readAll(path), unit: 'ms' } as const;
    const figures: Figure[] = [];
    for (const { what, below, definition } of MEASURED) {
      if (kindOf(definition.type) === null) continue;
      const { id } = await engine.call('grader.save', { definition });
      // The thread, and the sandbox, are started before.
      await gradeWith(engine, id, 'spans:>0', 10);
      const started = performance.now();
      await gradeWith(engine, id);
      const ms = performance.now() - started;
      figures.push(
        figure(`${what}, ${TRACES.toLocaleString('en-US')} traces of ${SPANS} spans`, ms, 'ms', { below }, baseline),
      );
    }
    figures.push(await previewFlips(engine, baseline));
    await engine.close();
    return figures;
  },
};

/** Of the string grader's verdicts, with people's on 400 of the traces; nothing of it is kept. */
async function previewFlips(engine: Engine, baseline: Figure['baseline']): Promise<Figure> {
  const [first] = MEASURED;
  const grader = (await engine.call('grader.list', {})).find(({ name }) => name === first?.definition.name);
  if (!grader || !first) throw new Error('There is no grader.');
  const { rows } = await engine.call('trace.list', { limit: 400 });
  for (const [at, { id: traceId }] of rows.entries())
    await engine.call('annotation.save', {
      traceId,
      state: { ...emptyState, place: { kind: 'trace' }, kind: 'verdict', note: null, passed: at % 3 > 0 },
    });
  const definition = { ...first.definition, reference: 'plan' };
  const started = performance.now();
  const preview = await engine.call('flip.preview', { graderId: grader.id, definition });
  const ms = performance.now() - started;
  if (preview.counts.compared !== TRACES || preview.next.heldOut.kappa === undefined)
    throw new Error(`${preview.counts.compared} verdicts were compared.`);
  const what = `flip preview on ${TRACES.toLocaleString('en-US')} stored verdicts, ${rows.length} of them labelled`;
  return figure(what, ms, 'ms', { below: 3_000 }, baseline);
}

async function open(path: string): Promise<Engine> {
  const created = await createEngine({ workspace: path, httpPort: 0, appVersion: 'bench', readerThread: true });
  if (!created.ok) throw new Error(created.error.message);
  return created.value;
}

async function gradeWith(engine: Engine, graderId: string, query = '', most = TRACES): Promise<void> {
  const { rows } = await engine.call('trace.list', { limit: most, ...(query === '' ? {} : { query }) });
  const { id } = await engine.call('grading.start', { graderIds: [graderId], traceIds: rows.map((row) => row.id) });
  await engine.settle({ findings: false });
  const grading = (await engine.call('grading.list', undefined)).find((each) => each.id === id);
  if (grading?.done !== rows.length || grading.errored > 0)
    throw new Error(`Of ${rows.length} traces ${grading?.done} were graded, ${grading?.errored} with an error.`);
}

async function fill(engine: Engine): Promise<void> {
  const bodies: Buffer[] = [];
  for (let trace = 0; trace < TRACES; trace += 50) {
    const spans = Array.from({ length: 50 }, (_, k) => makeTrace('swarm', { spans: SPANS, seed: trace + k }));
    bodies.push(Buffer.from(otlpProtobuf(spans.flat())));
  }
  await sendAll(engine.info().httpUrl ?? '', 'otlp', 4, bodies);
  await engine.settle({ findings: false });
}

function readAll(path: string): number {
  const reader = connectReader(path, null);
  const ids = reader.rows<[string]>('SELECT trace_id FROM trace').map(([id]) => id);
  if (ids.length !== TRACES) throw new Error(`${ids.length} traces are there.`);
  const started = performance.now();
  for (const id of ids) {
    const place = locate(reader, id);
    const { spans } = loadAt(reader, id, place);
    const contents = readDetectorContents(reader, place.traceKeys);
    for (const { spanKey } of spans) for (const key of contents.of(spanKey).output) contents.item(key);
  }
  const ms = performance.now() - started;
  reader.close();
  return ms;
}
