/** The overview and the agreement of a hundred thousand annotations. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createEngine } from '../../src/main/engine/create-engine.ts';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure, percentile } from './figure.ts';
import { sendAll } from './lib/load.ts';

const TRACES = 5_000;
const SPANS = 10;
const ANNOTATIONS = 100_000;
const ROUNDS = 7;
const CATEGORIES = 14;

export const overview: Benchmark = {
  id: 'overview',
  method: `A workspace of ${TRACES.toLocaleString('en-US')} traces with ${SPANS} spans each and ${ANNOTATIONS.toLocaleString('en-US')} annotations by two people, half of them on spans, of ${CATEGORIES} categories. The call that the Insights view makes, on a workspace that was just opened (where the marked steps are looked up) and ${ROUNDS} times again, the slowest counts. Baseline: counting the same annotations by category in SQL.`,
  async run({ folder }) {
    const path = join(folder, 'overview.tracewright');
    await fill(path);
    const created = await createEngine({ workspace: path, httpPort: null, appVersion: 'bench', readOnly: true });
    if (!created.ok) throw new Error(created.error.message);
    const engine = created.value;
    const time = async (ask: () => Promise<unknown>): Promise<number> => {
      const started = performance.now();
      await ask();
      return performance.now() - started;
    };
    const first = await time(() => engine.call('overview.get', {}));
    const again: number[] = [];
    for (let round = 0; round < ROUNDS; round++) again.push(await time(() => engine.call('overview.get', {})));
    const agreement = await time(() => engine.call('agreement.get', {}));
    const { annotations } = await engine.call('overview.get', {});
    await engine.close();
    if (annotations !== ANNOTATIONS) throw new Error(`${annotations} annotations are there.`);
    const sql = countInSql(path);
    const of = `${ANNOTATIONS.toLocaleString('en-US')} annotations`;
    const baseline = { name: 'count by category in SQL', value: sql, unit: 'ms' } as const;
    const figures: Figure[] = [
      figure(`overview of ${of}, first time`, first, 'ms', null, baseline),
      figure(`overview of ${of}`, percentile(again, 1), 'ms', { below: 300 }, baseline),
      figure(`agreement in ${of}, with intervals`, agreement, 'ms', null),
    ];
    return figures;
  },
};

async function fill(path: string): Promise<void> {
  const created = await createEngine({ workspace: path, httpPort: 0, appVersion: 'bench' });
  if (!created.ok) throw new Error(created.error.message);
  const engine = created.value;
  const bodies: Buffer[] = [];
  for (let trace = 0; trace < TRACES; trace += 100) {
    const spans = Array.from({ length: 100 }, (_, k) => makeTrace('swarm', { spans: SPANS, seed: trace + k }));
    bodies.push(Buffer.from(otlpProtobuf(spans.flat())));
  }
  await sendAll(engine.info().httpUrl ?? '', 'otlp', 4, bodies);
  await engine.settle();
  await engine.close();
  annotate(path);
}

/** As the store writes them; through the engine each would be made durable on its own. */
function annotate(path: string): void {
  const db = new Database(path);
  const spans = db.prepare('SELECT trace_key, span_id, agent FROM span ORDER BY trace_key, span_id').all() as {
    trace_key: number;
    span_id: string;
    agent: string | null;
  }[];
  const insert = db.prepare(
    `INSERT INTO annotation (trace_key, annotation_id, target_kind, target_id, annotator, taxonomy, category, note, agent, is_root_cause, created_ns, extra, kind, state)
     VALUES (?, ?, ?, ?, ?, 'mast', ?, 'It did not look the order up.', ?, ?, ?, '{}', 'category', ?)`,
  );
  db.transaction(() => {
    for (let made = 0; made < ANNOTATIONS; made++) {
      const span = spans[Math.floor((made * spans.length) / ANNOTATIONS)];
      if (!span) throw new Error('There are no spans to annotate.');
      const draw = createHash('sha1').update(`label ${made}`).digest();
      const onSpan = (draw[0] ?? 0) < 128;
      const category = `${1 + ((draw[1] ?? 0) % 3)}.${1 + ((draw[2] ?? 0) % 5)}`;
      const place = onSpan ? { kind: 'span', spanId: span.span_id } : { kind: 'trace' };
      const state = { place, kind: 'category', taxonomy: 'mast', category, note: 'It did not look the order up.' };
      const who = made % 2 === 0 ? 'Ann' : 'Ben';
      insert.run(
        span.trace_key,
        `made ${made}`,
        place.kind,
        onSpan ? span.span_id : null,
        who,
        category,
        (draw[3] ?? 0) < 200 ? span.agent : null,
        made % 5 === 0 ? 1 : 0,
        1_795_000_000_000_000_000n + BigInt(made),
        JSON.stringify({ ...state, evidenceSpanId: null, tags: [], extra: {} }),
      );
    }
  })();
  db.close();
}

function countInSql(path: string): number {
  const db = new Database(path, { readonly: true });
  const ask = db.prepare('SELECT taxonomy, category, count(*) FROM annotation WHERE removed = 0 GROUP BY 1, 2');
  const times = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    ask.all();
    return performance.now() - started;
  });
  db.close();
  return percentile(times, 0.5);
}
