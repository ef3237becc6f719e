/**
 * What a definition judges: the trace, each span or handoff of it that fits, its session as one, or the trace beside an
 * earlier run of the same task. Verdicts on parts become one of the trace; parts that erred or to which the grader does
 * not apply leave the denominator.
 */
import type {
  Aggregate,
  Grade,
  GradeEvidence,
  GraderDefinition,
  ScopeSpec,
  Subject,
  SubjectEdge,
  SubjectSample,
  SubjectSpan,
  TokenUse,
} from '#shared/grader.ts';
import { splitSessionSpanId } from '#shared/session.ts';
import { gradeSubject } from './grade.ts';
import { GRADER_KINDS, kindOf } from './registry.ts';
import { scopeOf } from './scope-spec.ts';
import type { GradeServices, GraderKind } from './types.ts';
import { directionOf, thresholdOf } from './verdict.ts';

/** How the parts of a subject are made; the engine knows. */
export type SubjectParts = {
  readonly spanSample: (span: SubjectSpan) => SubjectSample;
  /** What a handoff passed on, as text. */
  readonly payload: (edge: SubjectEdge) => string;
  readonly session: () => Subject;
  /** With an earlier run of the same task; null when there is none. */
  readonly pair: () => Subject | null;
};

export type ScopedGrade = {
  readonly grade: Grade;
  readonly parts: readonly { readonly spanId: string | null; readonly grade: Grade }[];
};

/** Parts of one trace that are graded, at most: the first in order of time. */
export const MOST_PARTS = 500;
const MOST_EVIDENCE = 20;
/** Parts that are graded at the same time where each waits for something. */
const AT_ONCE = 8;

/** @param only the one part, by its span, that is looked at */
export async function gradeInScope(
  definition: GraderDefinition,
  subject: Subject,
  parts: SubjectParts,
  services: GradeServices,
  signal: AbortSignal,
  { kinds = GRADER_KINDS, only }: { readonly kinds?: readonly GraderKind[]; readonly only?: string } = {},
): Promise<ScopedGrade> {
  const scope = scopeOf(definition);
  const begun = services.now();
  const whole = async (of: Subject): Promise<ScopedGrade> => ({
    grade: await gradeSubject(definition, of, services, signal, kinds),
    parts: [],
  });
  const alone = (status: Grade['status'], explanation: string): ScopedGrade => ({
    grade: { ...NOTHING, status, explanation, durationMs: services.now() - begun },
    parts: [],
  });
  // Such as when JSON files are graded.
  const { trace } = subject;
  if (!trace) return whole(subject);
  if (only !== undefined) {
    const span = trace.spans.find(({ id }) => id === only);
    if (!span) return alone('not_applicable', 'The trace has no such span.');
    const one = { ...handoffAt(subject, parts, only), ...withSpan(subject, span, parts) };
    const grade = await gradeSubject(definition, one, services, signal, kinds);
    return { grade, parts: [{ spanId: only, grade }] };
  }
  switch (scope.on) {
    case 'trace':
      return whole(subject);
    case 'session': {
      const session = parts.session();
      const { grade } = await whole(session);
      // A trace without a session is its own.
      if (session.trace?.id === trace.id) return { grade, parts: [] };
      return { grade: { ...grade, evidence: grade.evidence.map((each) => inTrace(each, trace.id)) }, parts: [] };
    }
    case 'pair': {
      const pair = parts.pair();
      return pair ? whole(pair) : alone('not_applicable', 'There is no earlier run of the same task to compare with.');
    }
    case 'span':
    case 'handoff': {
      const all = scope.on === 'span' ? spanParts(subject, parts, scope) : handoffParts(subject, parts, scope);
      const chosen = all.slice(0, MOST_PARTS);
      if (chosen.length === 0)
        return alone(
          'not_applicable',
          scope.on === 'span' ? 'No span of the trace fits.' : 'The trace has no such handoff.',
        );
      const isPure = kindOf(definition.type, kinds)?.runs === 'pure';
      const graded = await inTurn(chosen, isPure ? 1 : AT_ONCE, async (part) => ({
        ...part,
        grade: await gradeSubject(definition, part.subject(), services, signal, kinds),
      }));
      const joined = joinGrades(definition, scope, graded, services.now() - begun);
      const grade = all.length > chosen.length ? withNote(joined, 'left_out', all.length - chosen.length) : joined;
      return { grade, parts: graded.map(({ spanId, grade: each }) => ({ spanId, grade: each })) };
    }
  }
}

/** A session names a span by its trace too. The verdict is kept with one trace, whose spans go by their own ids there. */
function inTrace(evidence: GradeEvidence, traceId: string): GradeEvidence {
  if (evidence.spanId === null) return evidence;
  const place = splitSessionSpanId(evidence.spanId);
  if (place.spanId === null) return evidence;
  return { ...evidence, spanId: place.spanId, ...(place.traceId === traceId ? {} : { traceId: place.traceId }) };
}

type Part = {
  readonly spanId: string;
  /** Unlike all others of the trace. */
  readonly name: string;
  readonly subject: () => Subject;
};

function spanParts(subject: Subject, parts: SubjectParts, { filter = {} }: ScopeSpec): Part[] {
  return (subject.trace?.spans ?? [])
    .filter((span) => fits(span, filter))
    .map((span) => ({ spanId: span.id, name: span.id, subject: () => withSpan(subject, span, parts) }));
}

function fits(span: SubjectSpan, { kind, agent, tool, name, status }: NonNullable<ScopeSpec['filter']>): boolean {
  return (
    (kind === undefined || span.kind === kind) &&
    (agent === undefined || span.agent === agent) &&
    (tool === undefined || span.tool === tool) &&
    (name === undefined || span.name.toLowerCase().includes(name.toLowerCase())) &&
    (status === undefined || span.status === status)
  );
}

/** One span may prove several handoffs. */
function handoffParts(subject: Subject, parts: SubjectParts, { filter = {} }: ScopeSpec): Part[] {
  const spans = new Map((subject.trace?.spans ?? []).map((span) => [span.id, span]));
  const { agent, ...others } = filter;
  return (subject.trace?.handoffs ?? []).flatMap((edge) => {
    const span = spans.get(edge.span_id);
    if (!span || !fits(span, others)) return [];
    if (agent !== undefined && edge.from !== `agent:${agent}` && edge.to !== `agent:${agent}`) return [];
    return [
      {
        spanId: edge.span_id,
        name: `${edge.span_id} #${edge.step}`,
        subject: () => withHandoff(subject, edge, span, parts),
      },
    ];
  });
}

function withSpan(subject: Subject, span: SubjectSpan, parts: SubjectParts): Subject {
  return { ...members(subject), item: subject.item, sample: parts.spanSample(span), span };
}

/** The answer of a handoff is what it passed on. */
function withHandoff(subject: Subject, edge: SubjectEdge, span: SubjectSpan, parts: SubjectParts): Subject {
  const payload = parts.payload(edge);
  const sample = { ...parts.spanSample(span), output_text: payload };
  return { ...members(subject), item: subject.item, sample, span, handoff: { ...edge, payload } };
}

function handoffAt(subject: Subject, parts: SubjectParts, spanId: string): Partial<Subject> {
  const edge = subject.trace?.handoffs.find(({ span_id: id }) => id === spanId);
  return edge ? { handoff: { ...edge, payload: parts.payload(edge) } } : {};
}

/** Without reading what is made only when it is read. */
function members({ trace }: Subject): Partial<Subject> {
  return trace ? { trace } : {};
}

async function inTurn<A, B>(list: readonly A[], atOnce: number, work: (one: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (let from = 0; from < list.length; from += atOnce)
    results.push(...(await Promise.all(list.slice(from, from + atOnce).map(work))));
  return results;
}

type Graded = { readonly spanId: string; readonly name: string; readonly grade: Grade };

const NOTHING: Omit<Grade, 'status' | 'explanation' | 'durationMs'> = {
  score: null,
  label: null,
  passed: null,
  evidence: [],
  errors: [],
  subRewards: {},
  usage: [],
  notes: {},
};

export function joinGrades(
  definition: GraderDefinition,
  { on, aggregate = 'all' }: ScopeSpec,
  all: readonly Graded[],
  durationMs: number,
): Grade {
  const counted = all.filter(({ grade }) => grade.status === 'graded');
  const errored = all.filter(({ grade }) => grade.status === 'errored');
  const subRewards: Record<string, number | null> = {};
  for (const { name, grade } of all)
    Object.defineProperty(subRewards, name, {
      value: grade.score,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  const base = {
    ...NOTHING,
    subRewards,
    usage: joinUsage(all.flatMap(({ grade }) => grade.usage)),
    notes: {
      aggregate,
      parts: all.length,
      graded: counted.length,
      errored: errored.length,
      not_applicable: all.length - counted.length - errored.length,
    },
    durationMs,
  };
  const what = on === 'span' ? 'span' : 'handoff';
  if (counted.length === 0) {
    const [first] = errored;
    if (!first) return { ...base, status: 'not_applicable', explanation: `It applies to no ${what} of the trace.` };
    const errors = first.grade.errors;
    const explanation = `All ${plural(errored.length, what)} erred: ${first.grade.explanation}`;
    return {
      ...base,
      status: 'errored',
      errors,
      explanation,
      evidence: [{ spanId: first.spanId, quote: null, note: null }],
    };
  }
  const { score, passed } = aggregated(definition, aggregate, counted);
  return {
    ...base,
    status: 'graded',
    score,
    passed,
    evidence: evidenceOf(counted, passed),
    explanation: explain(what, aggregate, counted, errored.length, score),
  };
}

function aggregated(
  definition: GraderDefinition,
  aggregate: Aggregate,
  counted: readonly Graded[],
): Pick<Grade, 'score' | 'passed'> {
  const direction = directionOf(definition);
  const scores = counted.flatMap(({ grade: { score } }) => score ?? []);
  const passes = counted.filter(({ grade }) => grade.passed === true).length;
  const decided = counted.filter(({ grade }) => grade.passed !== null).length;
  const judge = (score: number | null): Pick<Grade, 'score' | 'passed'> => {
    if (direction === 'neutral' || score === null) return { score, passed: null };
    const threshold = thresholdOf(definition);
    return { score, passed: direction === 'maximise' ? score >= threshold : score <= threshold };
  };
  const mean = scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
  switch (aggregate) {
    case 'all':
    case 'any': {
      // Without pass and fail there is nothing to join but scores.
      if (decided === 0) return { score: mean, passed: null };
      const passed = aggregate === 'all' ? passes === decided : passes > 0;
      return { score: passed ? 1 : 0, passed };
    }
    case 'mean':
      return judge(mean);
    case 'min':
      return judge(scores.length === 0 ? null : scores.reduce((least, score) => Math.min(least, score)));
    case 'max':
      return judge(scores.length === 0 ? null : scores.reduce((most, score) => Math.max(most, score)));
    case 'count':
      return { score: passes, passed: direction === 'neutral' ? null : passes >= Math.max(1, countWanted(definition)) };
  }
}

/** Parts that have to pass for `count`: a threshold of 1 or more; one otherwise. */
function countWanted({ pass_threshold: threshold }: GraderDefinition): number {
  return typeof threshold === 'number' ? threshold : 1;
}

/** Of the parts that decide: those that failed, unless the whole passed. */
function evidenceOf(counted: readonly Graded[], passed: boolean | null): GradeEvidence[] {
  const deciding = passed === null ? counted : counted.filter(({ grade }) => grade.passed === passed);
  const found: GradeEvidence[] = [];
  for (const { spanId, grade } of deciding) {
    if (found.length >= MOST_EVIDENCE) break;
    if (grade.evidence.length === 0) found.push({ spanId, quote: null, note: grade.explanation || null });
    // A text without a span is one of the part's.
    else found.push(...grade.evidence.slice(0, 3).map((each) => ({ ...each, spanId: each.spanId ?? spanId })));
  }
  return found.slice(0, MOST_EVIDENCE);
}

function explain(
  what: string,
  aggregate: Aggregate,
  counted: readonly Graded[],
  errored: number,
  score: number | null,
): string {
  const passes = counted.filter(({ grade }) => grade.passed === true).length;
  const fails = counted.find(({ grade }) => grade.passed === false);
  const decided = counted.some(({ grade }) => grade.passed !== null);
  const sentences = [
    decided ? `${passes} of ${plural(counted.length, what)} ${passes === 1 ? 'passes' : 'pass'}.` : null,
    aggregate === 'mean' || aggregate === 'min' || aggregate === 'max'
      ? `The ${aggregate === 'mean' ? 'mean' : aggregate === 'min' ? 'lowest' : 'highest'} score is ${score === null ? 'unknown' : round(score)}.`
      : null,
    fails && fails.grade.explanation !== '' ? `First that fails: ${fails.grade.explanation}` : null,
    errored > 0 ? `${plural(errored, what)} erred and ${errored === 1 ? 'is' : 'are'} not counted.` : null,
  ];
  return sentences.filter((sentence) => sentence !== null).join(' ');
}

function round(score: number): string {
  return String(Number(score.toPrecision(4)));
}

function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

function withNote(grade: Grade, name: string, value: number): Grade {
  return { ...grade, notes: { ...grade.notes, [name]: value } };
}

/** One line for each model; an unknown cost makes the sum unknown. */
export function joinUsage(all: readonly TokenUse[]): TokenUse[] {
  const models = new Map<string, TokenUse>();
  for (const use of all) {
    const known = models.get(use.model);
    models.set(
      use.model,
      known === undefined
        ? use
        : {
            model: use.model,
            calls: known.calls + use.calls,
            promptTokens: known.promptTokens + use.promptTokens,
            completionTokens: known.completionTokens + use.completionTokens,
            cachedTokens: known.cachedTokens + use.cachedTokens,
            cost: known.cost === null || use.cost === null ? null : known.cost + use.cost,
            cached: known.cached && use.cached,
          },
    );
  }
  return [...models.values()];
}
