/** The shape of every --json answer. Strict: a field that is not here yet must be added on purpose. */
import { z } from 'zod';
import { COMPARISON_TESTS, ITEM_CHANGES } from '#shared/comparison.ts';
import { GRADER_ERROR_FLAGS, type GraderErrorFlag } from '#shared/grader.ts';

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
  annotations: count,
  scores: z.array(
    z.strictObject({
      name: z.string(),
      value: z.number().nullable(),
      label: nullableText,
      passed: z.boolean().nullable(),
    }),
  ),
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

export const patterns = z.strictObject({
  traces: z.array(z.strictObject({ traceId: z.string(), spanIds: z.array(z.string()) })),
  looked: count,
  complete: z.boolean(),
});

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

const fileIssues = z.array(
  z.strictObject({ file: z.string(), code: z.string(), message: z.string(), count: count.optional() }),
);
const mergeCounts = { revisions: count, annotations: count, conflicts: count, waiting: count, waitingTraces: count };

export const mergeReport = z.strictObject({ files: count, ...mergeCounts, issues: fileIssues });

export const annotations = z.array(
  z.strictObject({
    id: z.string(),
    traceId: z.string(),
    target: z.strictObject({
      kind: z.enum(['trace', 'span', 'edge', 'agent', 'range', 'text', 'absence', 'pair']),
      id: nullableText,
    }),
    annotator: nullableText,
    taxonomy: nullableText,
    category: nullableText,
    severity: nullableText,
    score: z.number().nullable(),
    note: nullableText,
    isRootCause: z.boolean(),
    createdAt: time,
    kind: z.enum(['category', 'score', 'verdict', 'note', 'correction', 'blame', 'preference']),
    passed: z.boolean().nullable(),
    tags: z.array(z.string()),
    agent: nullableText,
    actor: nullableText,
    step: count.nullable(),
    evidenceSpanId: nullableText,
    correction: nullableText,
    answers: z.record(z.string(), z.boolean().nullable()).nullable(),
    preference: z.enum(['this', 'other', 'tie']).nullable(),
    place: z.looseObject({ kind: z.string() }),
    editor: nullableText,
    editedAt: time,
    imported: z.boolean(),
    conflict: z.boolean(),
    extra: z.record(z.string(), z.json()),
  }),
);

export const importReport = z.strictObject({
  files: count,
  traces: count,
  spans: count,
  annotations: count,
  scores: count,
  merged: z.strictObject(mergeCounts).nullable(),
  issues: fileIssues,
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
  labels: z.strictObject({ annotations: count, scores: count }).nullable(),
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

const interval = z.tuple([z.number(), z.number()]).nullable();
const figures = {
  items: count,
  percent: z.number().nullable(),
  kappa: z.number().nullable(),
  ac1: z.number().nullable(),
  alpha: z.number().nullable(),
  ci: z.strictObject({ percent: interval, kappa: interval, ac1: interval, alpha: interval }),
};
const within = z.strictObject({ tolerance: count, percent: z.number().nullable(), ci: interval }).nullable();

export const agreement = z.strictObject({
  items: count,
  annotators: z.array(z.string()),
  agent: z.strictObject(figures),
  step: z.strictObject({ ...figures, within }),
  category: z.strictObject({ taxonomy: nullableText, ...figures }),
  attribution: z
    .strictObject({
      items: count,
      agent: z.number().nullable(),
      step: z.number().nullable(),
      stepWithin: z.number().nullable(),
      both: z.number().nullable(),
    })
    .nullable(),
  subjects: z.array(
    z.strictObject({
      about: z.enum(['agent', 'step', 'category', 'verdict', 'score']),
      name: nullableText,
      title: nullableText,
      alone: count,
      ...figures,
      warning: nullableText,
      labels: z.array(
        z.strictObject({ label: z.string(), title: nullableText, given: count, ...figures, warning: nullableText }),
      ),
      matrix: z.strictObject({
        labels: z.array(z.string()),
        cells: z.array(
          z.strictObject({ row: count, column: count, count, traces: count, traceIds: z.array(z.string()) }),
        ),
      }),
      weighted: z
        .strictObject({
          linear: z.number().nullable(),
          quadratic: z.number().nullable(),
          alphaOrdinal: z.number().nullable(),
          alphaInterval: z.number().nullable(),
          ci: z.strictObject({
            linear: interval,
            quadratic: interval,
            alphaOrdinal: interval,
            alphaInterval: interval,
          }),
        })
        .nullable(),
      within,
    }),
  ),
  known: z.array(z.strictObject({ name: z.string(), judgements: count })),
  tolerance: count,
  seed: count,
});

const share = z.strictObject({ count, of: count, low: z.number(), high: z.number() });
const failures = { labels: count, traces: share };

export const overview = z.strictObject({
  traceCount: count,
  reviewed: count,
  annotations: count,
  failures: z.strictObject(failures),
  verdicts: z.strictObject({ ...share.shape, annotations: count }),
  blamedAgents: count,
  blamedElsewhere: count,
  taxonomies: z.array(z.strictObject({ id: nullableText, title: z.string(), labels: count })),
  categories: z.array(
    z.strictObject({
      taxonomy: nullableText,
      code: z.string(),
      title: z.string(),
      known: z.boolean(),
      ...failures,
      spellings: z.array(z.strictObject({ spelling: z.string(), labels: count })),
    }),
  ),
  agents: z.array(z.strictObject({ agent: z.string(), blamed: count, acted: count, elsewhere: count, ...failures })),
  heat: z.array(z.strictObject({ agent: z.number().int(), category: z.number().int(), labels: count })),
  steps: z.array(z.strictObject({ step: count, labels: count, traces: count })),
  deciles: z.array(z.strictObject({ labels: count, traces: count })),
  unplaced: count,
  period: z.enum(['day', 'week', 'month']),
  time: z.array(z.strictObject({ from: z.iso.date(), ...failures })),
  untimed: z.strictObject(failures),
  workflows: z.array(z.strictObject({ workflow: nullableText, ...failures })),
});

export const grade = z.strictObject({
  results: z.array(
    z.strictObject({
      traceId: z.string(),
      spanId: nullableText,
      grader: z.string(),
      version: z.string().regex(/^[0-9a-f]{64}$/),
      status: z.enum(['graded', 'errored', 'not_applicable']),
      score: z.number().nullable(),
      label: nullableText,
      passed: z.boolean().nullable(),
      explanation: z.string(),
      error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
      evidence: z.array(z.strictObject({ spanId: nullableText, quote: nullableText, note: nullableText })),
      subRewards: z.record(z.string(), z.number().nullable()),
    }),
  ),
  summary: z.array(
    z.strictObject({
      grader: z.string(),
      version: z.string(),
      passed: count,
      failed: count,
      errored: count,
      notApplicable: count,
      mean: z.number().nullable(),
    }),
  ),
});

const graderFlags = z.strictObject(
  Object.fromEntries(GRADER_ERROR_FLAGS.map((flag) => [flag, z.boolean()])) as Record<GraderErrorFlag, z.ZodBoolean>,
);
const score = z.number().nullable();
const tokens = z.strictObject({
  prompt_tokens: count,
  completion_tokens: count,
  cached_tokens: count,
  total_tokens: count,
});

/** OpenAI's fields, ours after them in `metadata`. */
export const graderResult = z.strictObject({
  reward: score,
  sub_rewards: z.record(z.string(), score),
  subRewards: z.record(z.string(), score),
  model_grader_token_usage_per_model: z.record(z.string(), tokens),
  metadata: z.strictObject({
    name: z.string(),
    type: z.string(),
    errors: graderFlags.extend({
      python_grader_server_error_type: nullableText,
      python_grader_runtime_error_details: nullableText,
      model_grader_server_error_details: nullableText,
    }),
    execution_time: z.number().nonnegative(),
    scores: z.record(z.string(), score),
    token_usage: count.nullable(),
    sampled_model_name: nullableText,
    status: z.enum(['graded', 'errored', 'not_applicable']),
    passed: z.boolean().nullable(),
    label: nullableText,
    explanation: z.string(),
    error_messages: z.array(z.string()),
    evidence: z.array(z.strictObject({ span_id: nullableText, quote: nullableText, note: nullableText })),
    notes: z.record(z.string(), z.json()),
  }),
});

const graderDefinition = z.looseObject({ type: z.string(), name: z.string() });

const graderVersion = z.strictObject({
  graderId: z.string(),
  number: count,
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  definition: graderDefinition,
  author: nullableText,
  note: nullableText,
  createdAt: count,
});
const graderRow = z.strictObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  archived: z.boolean(),
  current: graderVersion,
  versions: count,
  grades: count,
  passed: count,
  failed: count,
  errored: count,
});
const exchangeProblems = z.array(
  z.strictObject({ severity: z.enum(['error', 'warning', 'info']), path: z.string(), message: z.string() }),
);
export const graderList = z.strictObject({ graders: z.array(graderRow) });
export const graderImport = z.strictObject({
  format: z.string(),
  imported: z.array(graderRow),
  problems: exchangeProblems,
});
export const graderExport = z.strictObject({ written: count, problems: exchangeProblems, path: z.string() });

export const graderCheck = z.strictObject({
  definition: graderDefinition.nullable(),
  problems: z.array(
    z.strictObject({
      severity: z.enum(['error', 'warning']),
      path: z.string(),
      message: z.string(),
      flag: z.string().optional(),
    }),
  ),
});

export const graderKinds = z.array(
  z.strictObject({
    type: z.string(),
    label: z.string(),
    about: z.string(),
    group: z.enum(['text', 'trajectory', 'code', 'judge', 'combined']),
    runs: z.enum(['pure', 'code', 'endpoint']),
    schema: z.record(z.string(), z.json()),
    example: graderDefinition,
  }),
);

const number = z.number().nullable();
const side = z.strictObject({
  n: count,
  tasks: count,
  value: number,
  shared: number,
  range: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
  passed: count,
  failed: count,
  errored: count,
  notApplicable: count,
  passAtK: z.array(number),
  passHatK: z.array(number),
  flaky: count,
});
const paired = z.strictObject({
  a: number,
  b: number,
  delta: number,
  range: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
});
const comparedRun = {
  run: z.strictObject({ id: z.string(), name: z.string() }),
  criteria: z.array(
    z.strictObject({
      name: z.string(),
      measure: z.enum(['pass rate', 'mean score']),
      direction: z.enum(['maximise', 'minimise', 'neutral']),
      graderChanged: z.boolean(),
      n: count,
      a: number,
      b: number,
      delta: number,
      ci: z.tuple([z.number(), z.number()]).nullable(),
      rangeBy: nullableText,
      p: number,
      pAdjusted: number,
      test: z.enum(COMPARISON_TESTS),
      testName: z.string(),
      wins: count,
      losses: count,
      ties: count,
      minDetectable: number,
      moreNeeded: count.nullable(),
      verdict: z.enum(['better', 'worse', 'no difference shown', 'different', 'nothing to compare']),
      says: z.string(),
      sides: z.strictObject({ a: side, b: side }),
    }),
  ),
  items: z.array(
    z.strictObject({
      key: z.string(),
      title: z.string(),
      change: z.enum(ITEM_CHANGES),
      a: number,
      b: number,
      criteria: z.array(z.strictObject({ name: z.string(), a: number, b: number })),
      traceA: nullableText,
      traceB: nullableText,
      trialsA: count,
      trialsB: count,
      agents: z.array(z.string()),
      tools: z.array(z.string()),
    }),
  ),
  counts: z.record(z.enum(ITEM_CHANGES), count),
  cost: paired,
  durationMs: paired,
  cut: z.boolean(),
};
/** The first other run is told beside the baseline; `others` has those after it. */
export const comparison = z.strictObject({
  baseline: z.strictObject({ id: z.string(), name: z.string() }),
  pairedBy: z.enum(['trace', 'task', 'none']),
  resamples: count,
  seed: count,
  ...comparedRun,
  others: z.array(z.strictObject(comparedRun)).optional(),
});
