/**
 * What LangSmith's SDKs send to LANGSMITH_ENDPOINT: runs as they begin and as they end, in requests of many or of one, and
 * feedback. The fields of a run are read as those of an exported one.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { IssueRecord, NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { digestOf, idOf, issue, listOf, textOf, timeOf } from '../fields.ts';
import { jsonHead } from '../json-head.ts';
import { readOneFeedback } from '../langsmith/feedback.ts';
import { createRunReader } from '../langsmith/run.ts';
import { createSpanMerger } from '../span-engine.ts';
import { partOf, withoutGuess, withoutRootFacts } from '../told.ts';
import { withAttachments } from './attachments.ts';
import { type Attachment, readOperations, type RunOperation } from './operations.ts';

const TAKEN = { message: 'Runs ingested' };

export const langsmithNative: DecoderFormat = {
  type: 'decoder',
  id: 'langsmith-native',
  label: 'LangSmith',
  routes: [
    { method: 'POST', suffix: '/runs/multipart' },
    { method: 'POST', suffix: '/runs/batch' },
    { method: 'POST', suffix: '/runs' },
    { method: 'PATCH', suffix: '/runs/*' },
    { method: 'POST', suffix: '/feedback' },
  ],
  answers: [
    {
      suffix: '/info',
      body: {
        version: '0.11.0',
        // No flags: bodies then come plain or with gzip; zstd is not read by every Node that this runs on.
        instance_flags: {},
        batch_ingest_config: {
          use_multipart_endpoint: true,
          size_limit: 100,
          size_limit_bytes: 20_971_520,
          scale_up_qsize_trigger: 1_000,
          scale_up_nthreads_limit: 16,
          scale_down_nempty_trigger: 4,
        },
      },
    },
  ],
  detect,
  decode,
};

function detect(head: Uint8Array): number {
  if (head[0] === 0x2d && head[1] === 0x2d) {
    const text = new TextDecoder().decode(head.subarray(0, 4_096));
    return /content-disposition:[^\r\n]{0,200}\bname="?(?:post|patch|feedback)\.[^.\s"]/i.test(text) ? 0.97 : 0;
  }
  const value = jsonHead(head);
  if (!isJsonObject(value)) return 0;
  const first = listOf(value.post)[0] ?? listOf(value.patch)[0] ?? null;
  return isJsonObject(first) && isRunLike(first) ? 0.95 : 0;
}

function isRunLike(value: JsonObject): boolean {
  if (!Object.hasOwn(value, 'id')) return false;
  return ['run_type', 'trace_id', 'dotted_order'].some((field) => Object.hasOwn(value, field));
}

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded> {
  const read = readOperations(bytes, runIdIn(context.path ?? context.name));
  if (!read.ok) return read;
  const { operations } = read.value;
  if (operations.length === 0 && read.value.issues.length > 0) {
    return fail({ code: 'bad_request', message: 'The body holds no run of LangSmith.' });
  }
  const issues: IssueRecord[] = [...read.value.issues];
  const report = (found: IssueRecord): void => void issues.push(found);
  const scores: NormalisedRecord[] = [];
  const runs = createRuns(report);
  for (const operation of operations) {
    if (operation.type === 'run') runs.read(operation);
    else readFeedback(operation.feedback, scores, report);
  }
  const reply = { status: 202, body: TAKEN };
  return ok({ records: [...runs.records(), ...scores, ...issues], reply });
}

/** The path, or what is kept of it, of `PATCH /runs/<id>`. */
function runIdIn(path: string | null): string | null {
  const id = path === null ? undefined : /(?:^|\/)runs\/([^/?#]+)\/?$/.exec(path)?.[1];
  if (id === undefined || id === 'batch' || id === 'multipart') return null;
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

type Runs = {
  readonly read: (operation: RunOperation) => void;
  readonly records: () => NormalisedRecord[];
};

function createRuns(report: (issue: IssueRecord) => void): Runs {
  const placed = createSpanMerger();
  /** Runs inside a trace that do not say where: nothing of theirs is about the trace. */
  const unplaced = createSpanMerger();
  const readPlaced = createRunReader(placed.add, report);
  const readUnplaced = createRunReader(unplaced.add, report);
  const attachments = new Map<string, readonly Attachment[]>();

  function finished(record: NormalisedRecord): NormalisedRecord {
    if (record.type !== 'span') return record;
    const files = attachments.get(`${record.spanId} ${record.part?.id}`);
    return withoutGuess(files === undefined ? record : withAttachments(record, files, report));
  }

  return {
    read({ stage, run, attachments: files }) {
      const spanId = idOf(run.id);
      if (spanId === null) return;
      const path = pathOf(run);
      const parentId = idOf(run.parent_run_id) ?? path.at(-2) ?? null;
      const traceId = idOf(run.trace_id) ?? path[0] ?? parentId ?? spanId;
      const part = partOf({
        stage,
        time: timeOf(stage === 'create' ? run.start_time : run.end_time),
        ended: run.end_time !== undefined && run.end_time !== null,
        key: digestOf(JSON.stringify(run)),
      });
      if (files.length > 0) attachments.set(`${spanId} ${part.id}`, files);
      const reader = parentId === null && traceId !== spanId ? readUnplaced : readPlaced;
      reader.read(run, { traceId, spanId, parentId }, { stage, part });
    },
    records: () => [...placed.records(), ...withoutRootFacts(unplaced.records())].map(finished),
  };
}

/** Ids of a run and its ancestors, from the root, as `dotted_order` lists them: `<time>Z<id>.<time>Z<id>`. */
function pathOf(run: JsonObject): readonly string[] {
  const order = textOf(run.dotted_order);
  if (order === null || order.length > 65_536) return [];
  const ids = order.split('.').map((each) => /^\d{8}T\d{1,12}Z(.{1,512})$/.exec(each)?.[1]);
  return ids.every((id) => id !== undefined) ? ids : [];
}

function readFeedback(feedback: JsonObject, scores: NormalisedRecord[], report: (issue: IssueRecord) => void): void {
  const runId = idOf(feedback.run_id);
  const traceId = idOf(feedback.trace_id) ?? runId;
  if (traceId === null) {
    const message = 'Feedback that is about no run has no place here.';
    report(issue('warning', 'unmapped_field', message, { item: feedback as Json }));
    return;
  }
  scores.push(readOneFeedback(feedback, { traceId, spanId: runId === traceId ? null : runId }));
}
