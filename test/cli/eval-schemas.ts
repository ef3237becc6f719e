/** The shape of what `eval … --json` answers. Strict, as in schemas.ts. */
import { z } from 'zod';
import { RUN_STATUSES } from '#shared/eval.ts';

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);
const time = z.iso.datetime();
const counts = z.strictObject({
  total: count,
  done: count,
  passed: count,
  failed: count,
  errored: count,
  neither: count,
});
const status = z.enum(RUN_STATUSES);

const problems = z.array(
  z.strictObject({ severity: z.enum(['error', 'warning', 'info']), path: z.string(), message: z.string() }),
);

const told = {
  runId: z.string(),
  evalId: z.string(),
  eval: z.string(),
  name: z.string(),
  status,
  counts,
  criteria: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string(),
      graderId: z.string().nullable(),
      version: z.string().regex(/^[0-9a-f]{64}$/),
      threshold: share.nullable(),
      weight: z.number().nonnegative(),
      passed: count,
      failed: count,
      errored: count,
      notApplicable: count,
      passRate: share.nullable(),
      mean: z.number().nullable(),
      ci: z.tuple([z.number(), z.number()]).nullable(),
      n: count,
      tasks: count,
    }),
  ),
  gate: z
    .strictObject({
      holds: z.boolean(),
      checks: z.array(
        z.strictObject({
          criterion: z.string(),
          kind: z.enum(['threshold', 'baseline', 'errors', 'empty', 'unfinished']),
          holds: z.boolean(),
          says: z.string(),
        }),
      ),
    })
    .nullable(),
  missing: count,
  limit: count.nullable(),
  seed: count,
  modelUse: z.array(
    z.strictObject({
      model: z.string(),
      calls: count,
      promptTokens: count,
      completionTokens: count,
      cachedTokens: count,
      cost: z.number().nullable(),
    }),
  ),
  cost: z.number().nullable(),
  durationMs: z.number().nullable(),
  createdAt: time,
  finishedAt: time.nullable(),
  error: z.string().nullable(),
};

export const run = z.strictObject(told);

const result = z.strictObject({
  criterion: z.string(),
  status: z.enum(['graded', 'errored', 'not_applicable']),
  score: z.number().nullable(),
  label: z.string().nullable(),
  passed: z.boolean().nullable(),
  explanation: z.string(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  evidence: z.array(
    z.strictObject({ spanId: z.string().nullable(), quote: z.string().nullable(), note: z.string().nullable() }),
  ),
});

export const show = z.strictObject({
  ...told,
  items: z.array(
    z.strictObject({
      id: count,
      task: z.string(),
      trial: count,
      title: z.string(),
      traceId: z.string().nullable(),
      gone: z.boolean(),
      status: z.enum(['due', 'passed', 'failed', 'errored', 'neither']),
      score: z.number().nullable(),
      cost: z.number().nullable(),
      durationMs: z.number().nullable(),
      item: z.json(),
      sample: z.json(),
      results: z.array(result),
    }),
  ),
});

const short = {
  runId: z.string(),
  evalId: z.string(),
  eval: z.string(),
  name: z.string(),
  status,
  counts,
  createdAt: time,
  finishedAt: time.nullable(),
};

export const runs = z.strictObject({ runs: z.array(z.strictObject(short)) });
export const cancelled = z.strictObject(short);

export const evals = z.strictObject({
  evals: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      criteria: z.array(
        z.strictObject({
          graderId: z.string(),
          versionHash: z.string().nullable(),
          threshold: share.nullable(),
          weight: z.number().nonnegative(),
          name: z.string().nullable(),
        }),
      ),
      source: z.looseObject({ kind: z.enum(['traces', 'filter', 'dataset']) }),
      metadata: z.record(z.string(), z.string()),
      archived: z.boolean(),
      runs: count,
      lastRunId: z.string().nullable(),
      createdAt: time,
      updatedAt: time,
    }),
  ),
});

export const imported = z.strictObject({
  format: z.string(),
  evals: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  runs: z.array(z.strictObject({ runId: z.string(), evalId: z.string(), name: z.string(), status, counts })),
  items: count,
  problems,
});

export const exported = z.strictObject({ path: z.string(), bytes: z.number().int().positive(), problems });
