/** Detectors against logs that people labelled, and their speed on a large trace. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Detection } from '#shared/detect.ts';
import { createEngine, type Engine } from '../../src/main/engine/create-engine.ts';
import { otlpProtobuf } from '../support/encode.ts';
import { makeTrace } from '../support/make-trace.ts';
import type { Benchmark, Figure } from './figure.ts';
import { figure } from './figure.ts';
import { sendAll } from './lib/load.ts';

const SPANS = 100_000;

export const detectors: Benchmark = {
  id: 'detectors',
  method: `All sixteen detectors with their default parameters. Speed: one made trace of ${SPANS.toLocaleString('en-US')} spans with contents, stored through the collector, the first call of trace.detect after the trace was opened, in the engine's reading thread, as in the app. Quality: the labelled logs below the folder that BENCH_TRACES names (who_and_when and agentrx, as published; too large for this repository). Precision: the share of findings whose agent, and whose first span, is a labelled one; recall: the share of labels that a finding meets. Blame hints: the first suspect against the label; step within 0 and within 5 messages. Baseline: always the agent with the most messages, and its first message.`,
  async run({ folder, say }) {
    const figures = await speed(join(folder, 'detectors-speed.tracewright'));
    const traces = process.env.BENCH_TRACES;
    if (traces === undefined || !existsSync(traces)) {
      say('detectors: BENCH_TRACES names no folder with labelled traces; only speed is measured.');
      return figures;
    }
    for (const [name, path, prefix] of SETS) {
      const from = join(traces, path);
      if (existsSync(from))
        figures.push(...(await quality(join(folder, `${prefix}.tracewright`), name, from, prefix, say)));
      else say(`detectors: ${from} is not there.`);
    }
    return figures;
  },
};

const SETS = [
  ['Who&When, Algorithm-Generated', 'who_and_when/Who&When/Algorithm-Generated', 'algorithm'],
  ['Who&When, Hand-Crafted', 'who_and_when/Who&When/Hand-Crafted', 'hand'],
  ['AgentRx, tau retail', 'agentrx', 'agentrx'],
] as const;

async function openEngine(workspace: string, httpPort: number | null): Promise<Engine> {
  const created = await createEngine({ workspace, httpPort, appVersion: 'bench', readerThread: true });
  if (!created.ok) throw new Error(created.error.message);
  return created.value;
}

async function speed(workspace: string): Promise<Figure[]> {
  const engine = await openEngine(workspace, 0);
  try {
    const spans = makeTrace('swarm', { spans: SPANS });
    const bodies = [];
    for (let from = 0; from < spans.length; from += 1_000) bodies.push(otlpProtobuf(spans.slice(from, from + 1_000)));
    await sendAll(engine.info().httpUrl ?? '', 'otlp', 4, bodies);
    await engine.settle();
    const traceId = spans[0]?.traceId ?? '';
    const opened = time(() => engine.call('trace.open', { traceId }));
    await opened.done;
    const first = time(() => engine.call('trace.detect', { traceId }));
    await first.done;
    return [
      figure(
        `detectors on an open trace of ${SPANS.toLocaleString('en-US')} spans`,
        await first.ms,
        'ms',
        { below: 2_000 },
        {
          name: 'opening it',
          value: await opened.ms,
          unit: 'ms',
        },
      ),
    ];
  } finally {
    await engine.close();
  }
}

function time(work: () => Promise<unknown>): { done: Promise<unknown>; ms: Promise<number> } {
  const started = performance.now();
  const done = work();
  return { done, ms: done.then(() => performance.now() - started) };
}

type Label = {
  readonly traceId: string;
  readonly agent: string | null;
  readonly spanId: string | null;
  readonly category: string | null;
  readonly root: boolean;
};

type Case = {
  readonly labels: readonly Label[];
  readonly detection: Detection;
  /** Ids of the spans in order, with who speaks. */
  readonly spans: readonly { readonly id: string; readonly agent: string | null }[];
};

async function quality(
  workspace: string,
  name: string,
  from: string,
  prefix: string,
  say: (line: string) => void,
): Promise<Figure[]> {
  const engine = await openEngine(workspace, null);
  try {
    await engine.call('import.run', { jobId: prefix, paths: [from] });
    await engine.settle();
    const labels = (await engine.call('sql.query', {
      sql: "SELECT t.trace_id AS traceId, a.agent AS agent, CASE a.target_kind WHEN 'span' THEN a.target_id END AS spanId, a.category AS category, a.is_root_cause AS root FROM annotation a JOIN trace t USING (trace_key) WHERE a.agent IS NOT NULL",
      limit: 10_000,
    })) as unknown as Label[];
    const cases: Case[] = [];
    for (const traceId of new Set(labels.map((label) => label.traceId))) {
      const { columns } = await engine.call('trace.open', { traceId });
      if (columns.count === 0) continue;
      const spans = columns.ids.map((id, row) => ({ id, agent: columns.strings[columns.agent[row] ?? 0] || null }));
      spans.sort((a, b) => stepOf(a.id) - stepOf(b.id));
      const detection = await engine.call('trace.detect', { traceId });
      cases.push({ labels: labels.filter((label) => label.traceId === traceId), detection, spans });
    }
    report(name, cases, say);
    return figuresOf(name, cases);
  } finally {
    await engine.close();
  }
}

function stepOf(spanId: string | null): number {
  return spanId === null ? NaN : Number(/^m(\d+)/.exec(spanId)?.[1] ?? NaN);
}

function same(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a.toLowerCase() === b.toLowerCase();
}

function figuresOf(name: string, cases: readonly Case[]): Figure[] {
  const findings = cases.flatMap(({ labels, detection }) =>
    detection.findings.map((finding) => ({
      agent: labels.some((label) => same(label.agent, finding.agent)),
      step: labels.some((label) => label.spanId !== null && finding.spanIds.includes(label.spanId)),
    })),
  );
  const labels = cases.flatMap(({ labels: all, detection }) =>
    all.map((label) => ({
      agent: detection.findings.some((finding) => same(label.agent, finding.agent)),
      step: detection.findings.some((finding) => label.spanId !== null && finding.spanIds.includes(label.spanId)),
    })),
  );
  const blamed = cases.map((one) => {
    // The root cause where one is named.
    const label = one.labels.find(({ root }) => root) ?? one.labels[0];
    const [suspect] = one.detection.suspects;
    const away = Math.abs(stepOf(suspect?.spanId ?? null) - stepOf(label?.spanId ?? null));
    const busiest = busiestAgent(one);
    return {
      said: suspect !== undefined,
      agent: same(suspect?.agent ?? null, label?.agent ?? null),
      step: away === 0,
      near: away <= 5,
      baseAgent: same(busiest.agent, label?.agent ?? null),
      baseStep: busiest.spanId === label?.spanId,
    };
  });
  const share = (list: readonly boolean[]): number =>
    list.length === 0 ? 0 : (list.filter(Boolean).length / list.length) * 100;
  const plain = (what: string, list: readonly boolean[]): Figure => figure(`${name}: ${what}`, share(list), '%', null);
  const against = (what: string, list: readonly boolean[], baseline: readonly boolean[]): Figure =>
    figure(`${name}: ${what}`, share(list), '%', null, {
      name: 'the busiest agent, its first message',
      value: share(baseline),
      unit: '%',
    });
  return [
    figure(`${name}: logs`, cases.length, 'logs', null),
    figure(`${name}: findings`, findings.length, 'findings', null),
    plain(
      'precision, agent',
      findings.map(({ agent }) => agent),
    ),
    plain(
      'precision, step',
      findings.map(({ step }) => step),
    ),
    plain(
      'recall, agent',
      labels.map(({ agent }) => agent),
    ),
    plain(
      'recall, step',
      labels.map(({ step }) => step),
    ),
    plain(
      'logs with a suspect',
      blamed.map(({ said }) => said),
    ),
    against(
      'blame, agent',
      blamed.map(({ agent }) => agent),
      blamed.map(({ baseAgent }) => baseAgent),
    ),
    plain(
      'blame, agent, of those with a suspect',
      blamed.filter(({ said }) => said).map(({ agent }) => agent),
    ),
    against(
      'blame, step',
      blamed.map(({ step }) => step),
      blamed.map(({ baseStep }) => baseStep),
    ),
    plain(
      'blame, step within 5',
      blamed.map(({ near }) => near),
    ),
  ];
}

function busiestAgent({ spans }: Case): { agent: string | null; spanId: string | null } {
  const counts = new Map<string, { count: number; spanId: string }>();
  for (const { id, agent } of spans) {
    if (agent === null) continue;
    const known = counts.get(agent);
    if (known) known.count++;
    else counts.set(agent, { count: 1, spanId: id });
  }
  const [first] = [...counts].sort((a, b) => b[1].count - a[1].count);
  return { agent: first?.[0] ?? null, spanId: first?.[1].spanId ?? null };
}

/** One line for each detector: how often it spoke, and how often it named a labelled agent and step. */
function report(name: string, cases: readonly Case[], say: (line: string) => void): void {
  const rows = new Map<string, { found: number; agent: number; step: number }>();
  for (const { labels, detection } of cases) {
    for (const { detector, agent, spanIds } of detection.findings) {
      const row = rows.get(detector) ?? { found: 0, agent: 0, step: 0 };
      rows.set(detector, row);
      row.found++;
      if (labels.some((label) => same(label.agent, agent))) row.agent++;
      if (labels.some(({ spanId }) => spanId !== null && spanIds.includes(spanId))) row.step++;
    }
  }
  say(`${name}: by detector (findings, of the labelled agent, at the labelled step)`);
  for (const [id, { found, agent, step }] of [...rows].sort((a, b) => b[1].found - a[1].found))
    say(`  ${id}: ${found}, ${agent}, ${step}`);
  const categories = new Map<string, { labels: number; met: number }>();
  for (const { labels, detection } of cases) {
    for (const { category, spanId } of labels) {
      if (category === null || spanId === null) continue;
      const row = categories.get(category) ?? { labels: 0, met: 0 };
      categories.set(category, row);
      row.labels++;
      if (detection.findings.some(({ spanIds }) => spanIds.includes(spanId))) row.met++;
    }
  }
  for (const [category, { labels, met }] of categories) say(`  ${category}: ${met} of ${labels} labelled steps met`);
}
