/** A trace as graders see it, made of what was loaded. What a grader does not look at is never computed. */
import type {
  SubjectCall,
  SubjectEdge,
  SubjectFinding,
  SubjectNeeds,
  SubjectSpan,
  SubjectTrace,
  SubjectUsage,
} from '#shared/grader.ts';
import type { TraceRow } from '#shared/trace.ts';
import { at, u8 } from '../../analysis/at.ts';
import type { CostEstimator } from '../../analysis/costs.ts';
import { subjectEdges } from '../../analysis/crossings.ts';
import { knownTime } from '../../analysis/tree.ts';
import { attributeUsage } from '../../analysis/usage.ts';
import type { Reader } from '../../store/database.ts';
import { readDetectorContents } from '../../store/detector-contents.ts';
import type { StoredSpanFact } from '../../store/span-queries.ts';
import { detectIn } from '../api/detect-view.ts';
import { detectorSheet } from '../detector-settings.ts';
import { arcsOf, type Loaded } from '../api/load-trace.ts';
import { findAnswer, findQuestion } from './answer.ts';
import { lazy, once } from './lazy.ts';
import { createSubjectTexts, type AskedTool, type SubjectTexts } from './subject-texts.ts';
import { schemasIn } from './tool-schemas.ts';
import { writeTranscript } from './transcript.ts';

/** A trace, and what parts of it are made of. */
export type TraceSubject = {
  readonly trace: SubjectTrace;
  readonly texts: SubjectTexts;
  readonly spanById: (id: string) => StoredSpanFact | null;
  /** Of the tool calls in the order of time. */
  readonly asked: (span: StoredSpanFact) => readonly AskedTool[];
  /** What a handoff, or a call of an agent, passed on, as text. */
  readonly payload: (edge: SubjectEdge) => string;
};

export function buildTrace(
  reader: Reader,
  loaded: Loaded,
  row: TraceRow,
  needs: SubjectNeeds,
  estimator: () => CostEstimator,
): TraceSubject {
  const { spans, tree, agents } = loaded;
  const { scene, arcs } = arcsOf(loaded, false);
  const contents = readDetectorContents(reader, loaded.traceKeys);
  const texts = createSubjectTexts(contents, spans.length);
  const usage = once(() => attributeUsage(spans, tree, agents, estimator()));
  const schemaOf = schemasIn(reader, loaded, contents);
  const byId = once(() => new Map(spans.map((span) => [span.spanId, span])));
  const edges = once(() => subjectEdges(arcsOf(loaded, false)));

  function toSpan(i: number): SubjectSpan {
    const span = at(spans, i);
    const start = knownTime(span.start);
    const end = knownTime(span.end);
    return lazy<SubjectSpan, 'input' | 'output' | 'error' | 'cost'>(
      {
        id: span.spanId,
        parent_id: span.parentId,
        kind: span.kind,
        name: span.name,
        agent: at(agents.names, i),
        tool: span.tool ?? (span.kind === 'tool' ? span.name : null),
        model: span.model,
        status: span.status,
        start: toMs(start),
        end: toMs(end),
        duration_ms: start === null || end === null ? null : Math.max(0, end - start) / 1e6,
        usage: span.usage === null ? null : toUsage(span.usage.input, span.usage.output),
      },
      {
        input: () => texts.input(span),
        output: () => texts.output(span),
        error: () => texts.error(span),
        cost: () => usage().costOfSpan(i),
      },
    );
  }

  function toCall(i: number): SubjectCall {
    const span = at(spans, i);
    const name = span.tool || span.name;
    return lazy<SubjectCall, 'arguments' | 'output' | 'error' | 'schema'>(
      { span_id: span.spanId, id: texts.callId(span), name, status: span.status, agent: at(agents.names, i) },
      {
        arguments: () => texts.args(span),
        output: () => texts.output(span),
        error: () => texts.error(span),
        schema: () => schemaOf(i, name),
      },
    );
  }

  const order = [...scene.order];
  const trace: SubjectTrace = lazy<SubjectTrace, LazyField>(
    {
      id: row.id,
      name: row.name,
      workflow: row.workflow,
      session: row.session,
      status: row.status,
      metadata: row.metadata ?? {},
      tags: row.tags,
      duration_ms: durationOf(spans),
      cost: row.cost,
      usage: toUsage(row.tokens.input, row.tokens.output),
      running: spans.some(({ status }) => status === 'running'),
    },
    {
      input: () => findQuestion(scene, texts),
      output_text: () => findAnswer(scene, arcs, texts),
      spans: () => order.map(toSpan),
      tool_calls: () =>
        order.flatMap((i) => (at(spans, i).kind === 'tool' && u8(scene.echo, i) === 0 ? [toCall(i)] : [])),
      agents: () => [...new Set(order.flatMap((i) => at(agents.names, i) ?? []))],
      handoffs: () => edges().filter(({ kind }) => kind === 'handoff'),
      edges,
      error_spans: () => trace.spans.filter(({ status }) => status === 'error'),
      guardrails: () =>
        order.flatMap((i) => {
          const { kind, spanId, name, subtype } = at(spans, i);
          return kind === 'guardrail' ? [{ span_id: spanId, name, triggered: subtype === 'triggered' }] : [];
        }),
      findings: () => (needs.findings ? findingsOf(reader, loaded) : []),
      detectors_off: () => (needs.findings ? detectorsOff(reader) : []),
      transcript: () => (needs.transcript ? writeTranscript(scene, texts) : ''),
      truncated: () => contents.leftOut > 0 || spans.some(texts.isCut),
    },
  );

  const passedOn = once(
    () =>
      new Map(
        arcs.map(({ kind, from, to, evidence, payload }) => [
          edgeKey(kind, at(spans, evidence).spanId, from, to),
          payload?.passed ?? [{ index: evidence, side: 'input' as const }],
        ]),
      ),
  );
  return {
    trace,
    texts,
    spanById: (id) => byId().get(id) ?? null,
    asked: (span) => texts.toolCalls(span),
    payload({ kind, span_id: spanId, from, to }) {
      for (const { index, side } of passedOn().get(edgeKey(kind, spanId, from, to)) ?? []) {
        const span = index < 0 ? undefined : spans[index];
        const text = span ? texts[side](span) : '';
        if (text !== '') return text;
      }
      return '';
    },
  };
}

type LazyField =
  | 'input'
  | 'output_text'
  | 'spans'
  | 'tool_calls'
  | 'agents'
  | 'handoffs'
  | 'edges'
  | 'error_spans'
  | 'guardrails'
  | 'findings'
  | 'detectors_off'
  | 'transcript'
  | 'truncated';

function edgeKey(kind: string, spanId: string, from: string, to: string): string {
  return JSON.stringify([kind, spanId, from, to]);
}

function toMs(time: number | null): number | null {
  return time === null ? null : time / 1e6;
}

function toUsage(input: number | null, output: number | null): SubjectUsage {
  const total = input === null && output === null ? null : (input ?? 0) + (output ?? 0);
  return { input_tokens: input, output_tokens: output, total_tokens: total };
}

/** Of what has happened so far, where something still runs. */
function durationOf(spans: readonly StoredSpanFact[]): number | null {
  let first = Infinity;
  let last = -Infinity;
  for (const span of spans) {
    const start = knownTime(span.start);
    const end = knownTime(span.end) ?? start;
    if (start !== null) first = Math.min(first, start);
    if (end !== null) last = Math.max(last, end);
  }
  return first === Infinity || last === -Infinity ? null : Math.max(0, last - first) / 1e6;
}

function detectorsOff(reader: Reader): string[] {
  return detectorSheet(reader).detectors.flatMap(({ id, enabled }) => (enabled ? [] : [id]));
}

function findingsOf(reader: Reader, loaded: Loaded): SubjectFinding[] {
  return detectIn(reader, loaded).detection.findings.map(
    ({ detector, severity, spanIds, agent, reason, evidence }) => ({
      detector,
      severity,
      span_ids: spanIds,
      agent,
      reason,
      evidence,
    }),
  );
}
