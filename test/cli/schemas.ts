/** The shape of every --json answer. Strict: a field that is not here yet must be added on purpose. */
import { z } from 'zod';

const nullableText = z.string().nullable();
const time = z.iso.datetime({ precision: undefined }).nullable();
const count = z.number().int().nonnegative();

export const usage = z.strictObject({
  input: count.nullable(),
  output: count.nullable(),
  cacheRead: count.nullable(),
  cacheWrite: count.nullable(),
  reasoning: count.nullable(),
});

const trace = z.strictObject({
  id: z.string(),
  name: z.string(),
  workflow: nullableText,
  session: nullableText,
  user: nullableText,
  status: z.enum(['running', 'ok', 'error', 'tool_errors', 'unset']),
  startedAt: time,
  durationMs: z.number().nullable(),
  spans: count,
  errors: count,
  agents: z.array(z.string()),
  tools: z.array(z.string()),
  models: z.array(z.string()),
  tokens: usage,
  cost: z.number().nullable(),
  costEstimated: z.boolean().nullable(),
  source: z.string(),
  dialect: z.string(),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.json()).nullable(),
  issues: count,
  findings: z
    .array(z.strictObject({ detector: z.string(), severity: z.enum(['high', 'medium', 'low']), count }))
    .nullable(),
});

export const traces = z.array(trace);

const span = z.strictObject({
  id: z.string(),
  parentId: nullableText,
  kind: z.enum(['agent', 'generation', 'tool', 'handoff', 'guardrail', 'retrieval', 'evaluator', 'chain', 'custom']),
  subtype: nullableText,
  name: z.string(),
  agent: nullableText,
  model: nullableText,
  tool: nullableText,
  toolCallId: nullableText,
  startedAt: time,
  endedAt: time,
  durationMs: z.number().nullable(),
  status: z.enum(['unset', 'ok', 'error', 'running']),
  error: z.strictObject({ type: nullableText, message: z.string(), data: z.json().optional() }).nullable(),
  usage: usage.nullable(),
  reportedUsage: usage.nullable(),
  cost: z.number().nullable(),
  costEstimated: z.boolean().nullable(),
  handoff: z.strictObject({ from: nullableText, to: nullableText }).nullable(),
  depth: count,
  parentMissing: z.boolean(),
  input: z.array(z.looseObject({ kind: z.enum(['message', 'json', 'text']) })),
  output: z.array(z.looseObject({ kind: z.enum(['message', 'json', 'text']) })),
  attributes: z.record(z.string(), z.json()),
  events: z.array(z.looseObject({ name: z.string() })),
  links: z.array(z.looseObject({ traceId: z.string(), spanId: z.string() })),
  dialect: z.string(),
});

export const show = z.strictObject({ trace, spans: z.array(span) });

export const graph = z.strictObject({
  nodes: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(['agent', 'tool', 'guardrail', 'user']),
      name: z.string(),
      spans: count,
      generations: count,
      toolCalls: count,
      errors: count,
      tokens: usage,
      cost: z.number().nullable(),
      costEstimated: z.boolean().nullable(),
      busyMs: z.number().nullable(),
      triggered: count,
      team: nullableText,
      spanIds: z.array(z.string()).min(1),
    }),
  ),
  edges: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      kind: z.enum(['handoff', 'agent_call', 'return', 'message', 'tool_call', 'guardrail']),
      count: z.number().int().positive(),
      errors: count,
      inferred: z.boolean(),
      loop: z.boolean(),
      retries: z.array(z.string()),
      evidence: z.array(z.string()).min(1),
    }),
  ),
});

export const detect = z.array(
  z.strictObject({
    traceId: z.string(),
    detector: z.string(),
    severity: z.enum(['high', 'medium', 'low']),
    spanIds: z.array(z.string()).min(1),
    agent: nullableText,
    reason: z.string(),
    evidence: z.array(z.string()),
  }),
);

export const agents = z.strictObject({
  durationMs: z.number().nullable(),
  running: z.boolean(),
  agents: z.array(
    z.strictObject({
      agent: z.string(),
      stays: count,
      spans: count,
      generations: count,
      toolCalls: count,
      errors: count,
      tokens: usage,
      cost: z.number().nullable(),
      costEstimated: z.boolean().nullable(),
      busyMs: z.number().nullable(),
      waitingMs: z.number().nullable(),
      criticalMs: z.number().nullable(),
      spanId: nullableText,
    }),
  ),
  waits: z.array(
    z.strictObject({
      agent: z.string(),
      for: nullableText,
      ms: z.number(),
      count: z.number().int().positive(),
      evidence: z.array(z.string()).min(1),
    }),
  ),
  criticalPath: z.array(z.strictObject({ spanId: nullableText, fromMs: z.number(), toMs: z.number() })).nullable(),
  waste: z.strictObject({
    items: z.array(
      z.strictObject({
        spanId: z.string(),
        reason: z.enum(['failed', 'repeated', 'unread']),
        agent: z.string(),
        kind: z.enum(['generation', 'tool']),
        name: z.string(),
        tokens: z.strictObject({ input: count, output: count }),
        cost: z.number().nullable(),
        ms: z.number().nullable(),
        repeats: nullableText,
      }),
    ),
    count,
    tokens: z.strictObject({ input: count, output: count }),
    cost: z.number().nullable(),
    ms: z.number(),
    judgedReading: z.boolean(),
  }),
});

export const importReport = z.strictObject({
  files: count,
  traces: count,
  spans: count,
  annotations: count,
  scores: count,
  issues: z.array(z.strictObject({ file: z.string(), code: z.string(), message: z.string(), count: count.optional() })),
  traceIds: z.array(z.string()),
  reports: z.array(
    z.strictObject({
      file: z.string(),
      bytes: count,
      format: nullableText,
      looksLike: nullableText,
      traces: count,
      spans: count,
      annotations: count,
      scores: count,
      issues: count,
    }),
  ),
  supported: z.array(z.string()),
});

export const exportReport = z.strictObject({
  files: count,
  traces: count,
  bytes: count,
  path: z.string(),
  skipped: z.array(z.strictObject({ traceId: z.string(), reason: z.string() })),
  skippedCount: count,
});

export const formats = z.array(
  z.strictObject({
    id: z.string(),
    label: z.string(),
    import: z.boolean(),
    export: z.boolean(),
    routes: z.array(z.string()),
  }),
);

export const ready = z.strictObject({
  ready: z.literal(true),
  http: z.url(),
  grpc: z.string().regex(/^127\.0\.0\.1:\d+$/),
  workspace: z.string(),
});

export const doctor = z.strictObject({
  checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string(), hint: nullableText })).min(1),
});

export const rows = z.array(z.record(z.string(), z.json()));

export const failure = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string().min(1), hint: nullableText }),
});
