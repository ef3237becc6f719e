/** Subjects for tests of graders: a trace of tool calls, handoffs and errors, told in a few words. */
import type { GradeServices } from '../types.ts';
import type {
  Grade,
  GraderDefinition,
  Subject,
  SubjectCall,
  SubjectEdge,
  SubjectSpan,
  SubjectTrace,
} from '#shared/grader.ts';
import type { Json } from '#shared/json.ts';
import { gradeSubject } from '../grade.ts';

export function aCall(name: string, given: Json = {}, more: Partial<SubjectCall> = {}): SubjectCall {
  return {
    span_id: `${name}-span`,
    id: null,
    name,
    arguments: given,
    output: '',
    status: 'ok',
    error: null,
    agent: 'Planner',
    schema: null,
    ...more,
  };
}

export function aSpan(id: string, more: Partial<SubjectSpan> = {}): SubjectSpan {
  return {
    id,
    parent_id: null,
    kind: 'generation',
    name: id,
    agent: 'Planner',
    tool: null,
    model: null,
    status: 'ok',
    start: 0,
    end: 1,
    duration_ms: 1,
    input: '',
    output: '',
    error: null,
    usage: null,
    cost: null,
    ...more,
  };
}

/** `Planner > Researcher` hands on, `Researcher . search` calls a tool, `A < B`: B returns to A, `A ~ B` says something. */
export function edgesOf(...lines: readonly string[]): SubjectEdge[] {
  return lines.map((line, step) => {
    const [from = '', sign = '', to = ''] = line.split(' ');
    const agent = (name: string): string => (name === 'user' ? 'user' : `agent:${name}`);
    const base = { span_id: `s${step}`, inferred: false, step };
    switch (sign) {
      case '>':
        return { ...base, kind: 'handoff', from: agent(from), to: agent(to) };
      case '.':
        return { ...base, kind: 'tool_call', from: agent(from), to: `tool:${to}` };
      case '<':
        return { ...base, kind: 'return', from: agent(to), to: agent(from) };
      case '~':
        return { ...base, kind: 'message', from: agent(from), to: agent(to) };
      case '!':
        return { ...base, kind: 'guardrail', from: agent(from), to: `guardrail:${to}` };
      default:
        return { ...base, kind: 'agent_call', from: agent(from), to: agent(to) };
    }
  });
}

export function aTrace(more: Partial<SubjectTrace> = {}): SubjectTrace {
  const edges = more.edges ?? [];
  return {
    id: 't1',
    name: 'Test',
    workflow: null,
    session: null,
    status: 'ok',
    metadata: {},
    tags: [],
    duration_ms: null,
    cost: null,
    usage: { input_tokens: null, output_tokens: null, total_tokens: null },
    input: '',
    output_text: '',
    spans: [],
    tool_calls: [],
    agents: [],
    handoffs: edges.filter(({ kind }) => kind === 'handoff'),
    edges,
    error_spans: (more.spans ?? []).filter(({ status }) => status === 'error'),
    guardrails: [],
    findings: [],
    transcript: '',
    truncated: false,
    running: false,
    ...more,
  };
}

export function ofTrace(trace: Partial<SubjectTrace>, more: Partial<Subject> = {}): Subject {
  const made = aTrace(trace);
  return { item: {}, sample: { output_text: made.output_text, output_tools: [], choices: [] }, trace: made, ...more };
}

const refused = (): never => {
  throw new Error('This test has no services.');
};

export const NO_SERVICES: GradeServices = { judge: refused, embed: refused, runCode: refused, now: () => 0 };

export function gradeOf(definition: GraderDefinition, subject: Subject): Promise<Grade> {
  return gradeSubject(definition, subject, NO_SERVICES, new AbortController().signal);
}
