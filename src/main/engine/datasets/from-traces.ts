/** Examples made of traces: what the user asked first, the final answer, and the tool calls in their order. */
import type { DatasetExample, ExpectedCall } from '#shared/dataset.ts';
import { EXAMPLE_SIZE } from '#shared/dataset.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { AppFailure } from '#shared/result.ts';
import { setField } from '../../formats/fields.ts';
import { KEY_LENGTH } from '../../formats/datasets/texts.ts';
import { taskOf } from '../../review/pairs.ts';
import type { Reader } from '../../store/database.ts';
import { traceKeyOf } from '../../store/trace-queries.ts';
import { buildSubject } from '../grading/subject.ts';
import { createTaskIndex } from '../grading/task-index.ts';
import type { Prices } from '../prices.ts';

/** Of the metadata: what a run was given says something about the task; how it went does not. */
const OF_THE_RUN = /^(?:trial|outcome|reward|reward_info|scores?|passed|labels?|verdict|metadata)$/i;
const FIELD_LENGTH = 50_000;
const TEXT_LENGTH = 200_000;
const MOST_CALLS = 2_000;

/** In the order given; traces that were deleted meanwhile are left out. */
export function examplesOfTraces(
  reader: Reader,
  prices: Pick<Prices, 'estimator'>,
  traceIds: readonly string[],
  signal: AbortSignal,
): DatasetExample[] {
  const tasks = createTaskIndex(reader);
  const options = { reader, estimator: prices.estimator, needs: { findings: false, transcript: false }, tasks };
  const examples: DatasetExample[] = [];
  for (const traceId of traceIds) {
    if (signal.aborted) throw new AppFailure({ code: 'cancelled', message: 'Cancelled.' });
    if (traceKeyOf(reader, traceId) === null) continue;
    const { row, subject } = buildSubject(options, traceId);
    const { trace } = subject;
    if (!trace) continue;
    const body = {
      item: fieldsOf(row.metadata ?? {}),
      input: trace.input === '' ? null : trace.input.slice(0, TEXT_LENGTH),
      expectedOutput: trace.output_text === '' ? null : trace.output_text.slice(0, TEXT_LENGTH),
      expectedTrajectory: trace.tool_calls
        .slice(0, MOST_CALLS)
        .map(({ name, arguments: args, agent }): ExpectedCall => ({
          name,
          arguments: args,
          ...(agent === null ? {} : { agent }),
        })),
      origin: { kind: 'trace', traceId } as const,
    };
    examples.push({ key: keyOf(traceId, row.metadata), ...withinSize(body) });
  }
  return examples;
}

/** The plain id of the task, as files of tasks name it; else the trace's own. */
function keyOf(traceId: string, metadata: JsonObject | null): string {
  const task = taskOf(metadata);
  const id = task === null ? '' : task.slice(task.indexOf(' ') + 1).trim();
  return id !== '' && id.length <= KEY_LENGTH ? id : traceId.slice(0, KEY_LENGTH);
}

/** The row that the trace was made from where its metadata keeps it; else the metadata, without what says how it went. */
function fieldsOf(metadata: JsonObject): JsonObject {
  const kept = isJsonObject(metadata.datasource_item) ? metadata.datasource_item : null;
  const row = kept !== null && isJsonObject(kept.item) ? kept.item : (kept ?? metadata.item);
  if (isJsonObject(row)) return row;
  const fields: Record<string, Json> = {};
  const inner = isJsonObject(metadata.metadata) ? metadata.metadata : {};
  for (const [name, value] of Object.entries({ ...inner, ...metadata })) {
    if (OF_THE_RUN.test(name) || value === null) continue;
    if (JSON.stringify(value).length <= FIELD_LENGTH) setField(fields, name, value);
  }
  return fields;
}

type Body = Omit<DatasetExample, 'key'>;

/** Fields go first, then arguments: what was asked and answered is what an example is. */
function withinSize(body: Body): Body {
  if (JSON.stringify(body).length <= EXAMPLE_SIZE) return body;
  const bare = { ...body, item: {} };
  if (JSON.stringify(bare).length <= EXAMPLE_SIZE) return bare;
  return {
    ...bare,
    expectedTrajectory: body.expectedTrajectory?.map((call) => ({ ...call, arguments: null })) ?? null,
  };
}
