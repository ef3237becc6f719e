/** Embeddings: at most 64 texts a request, each asked once and kept by the hash of model and text. */
import { createHash } from 'node:crypto';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import type { Embeddings, EmbedRequest, ServiceError } from '../../graders/types.ts';
import type { ChatUsage } from './chat.ts';
import { parseObject, readError, usageOf } from './chat.ts';
import { addressOf, headersOf } from './endpoint-in-use.ts';
import type { Asking } from './asking.ts';

const BATCH = 64;
/** The widest known has 4,096. */
const MOST_DIMENSIONS = 32_768;

export async function embedTexts(
  asking: Asking,
  request: EmbedRequest,
  signal: AbortSignal,
): Promise<Result<Embeddings, ServiceError>> {
  const { endpoint, memory } = asking;
  const asked = request.model === '' ? null : request.model;
  const model = endpoint.alwaysOwnModel ? (endpoint.embeddingModel ?? asked) : (asked ?? endpoint.embeddingModel);
  if (model === null)
    return fail({
      flag: 'model_grader_server_error',
      message: `Embedding endpoint not set: "${endpoint.label}" has no embedding model. Choose one in Settings, Judge endpoints, or use lexical_cosine, which needs none.`,
    });
  const texts = [...new Set(request.texts)];
  const vectors = new Map<string, Float32Array>();
  const keys = new Map(texts.map((text) => [text, keyOf(model, text)]));
  for (const text of texts) {
    const known = memory.embedding(keys.get(text) ?? new Uint8Array());
    if (known) vectors.set(text, known);
  }
  // An empty text points nowhere, and endpoints refuse it.
  const due = texts.filter((text) => text !== '' && !vectors.has(text));
  const totals = { prompt: 0, completion: 0, cached: 0, told: true };
  let calls = 0;
  for (let start = 0; start < due.length; start += BATCH) {
    const batch = due.slice(start, start + BATCH);
    const answered = await askBatch(asking, model, batch, signal);
    if (!answered.ok) return answered;
    calls++;
    totals.prompt += answered.value.usage?.prompt ?? 0;
    totals.told &&= answered.value.usage !== null;
    const rows = batch.map((text, index) => {
      const vector = answered.value.vectors[index] ?? new Float32Array();
      vectors.set(text, vector);
      return { key: keys.get(text) ?? new Uint8Array(), vector };
    });
    memory.keepEmbeddings(rows, request.traceIds ?? []);
  }
  const dimensions = vectors.values().next().value?.length ?? 1;
  const use = asking.priced(model, calls, calls > 0 && totals.told ? totals : null);
  return ok({
    model,
    vectors: request.texts.map((text) => vectors.get(text) ?? new Float32Array(dimensions)),
    usage: [calls === 0 ? { ...use, cost: 0, cached: true } : use],
  });
}

/** Lengths keep model and text apart. */
function keyOf(model: string, text: string): Uint8Array {
  return createHash('sha256').update(`${model.length}\n${model}\n${text}`).digest();
}

type Batch = { readonly vectors: readonly Float32Array[]; readonly usage: ChatUsage | null };

async function askBatch(
  asking: Asking,
  model: string,
  input: readonly string[],
  signal: AbortSignal,
): Promise<Result<Batch, ServiceError>> {
  const { endpoint, key } = asking;
  const outgoing = {
    url: addressOf(endpoint, 'embeddings', model),
    headers: headersOf(endpoint, key),
    body: JSON.stringify({ model, input }),
    purpose: 'embed',
    timeoutMs: endpoint.timeoutMs,
  } as const;
  const answered = await asking.send(outgoing, signal);
  if (!answered.ok) return fail(problem(`${endpoint.label}: ${answered.error.message}`));
  const { status, text } = answered.value;
  if (status !== 200)
    return fail(problem(`${endpoint.label} answered ${status} to embeddings. ${readError(text, key).message}`.trim()));
  const body = parseObject(text);
  const vectors = readVectors(body?.data, input.length);
  if (!vectors) return fail(problem(`The answer of ${endpoint.label} does not hold ${input.length} embeddings.`));
  return ok({ vectors, usage: usageOf(body?.usage) });
}

function problem(message: string): ServiceError {
  return { flag: 'model_grader_server_error', message };
}

/** In the order that was asked for; null unless all are there, finite and of one length. */
function readVectors(data: Json | undefined, wanted: number): Float32Array[] | null {
  if (!Array.isArray(data) || data.length !== wanted) return null;
  const vectors: Float32Array[] = [];
  for (const [place, row] of (data as readonly Json[]).entries()) {
    if (!isJsonObject(row)) return null;
    const vector = readVector(row.embedding);
    const at = typeof row.index === 'number' ? row.index : place;
    if (!vector || !Number.isInteger(at) || at < 0 || at >= wanted) return null;
    vectors[at] = vector;
  }
  const length = vectors[0]?.length;
  const whole = Array.from({ length: wanted }, (_, at) => vectors[at]).every((each) => each?.length === length);
  return whole ? vectors : null;
}

function readVector(value: Json | undefined): Float32Array | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_DIMENSIONS) return null;
  const vector = new Float32Array(value.length);
  for (const [at, each] of (value as readonly Json[]).entries()) {
    if (typeof each !== 'number') return null;
    vector[at] = each;
  }
  return vector.every(Number.isFinite) ? vector : null;
}
