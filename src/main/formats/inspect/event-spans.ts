/** The events of Inspect that are operations with a duration: what each says about its span. */
import type { Json, JsonObject } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { SpanError, SpanRecord, SpanStatus, Usage } from '#shared/record.ts';
import { countOf, idOf, isEmpty, numberOf, objectOf, remaining, textOf, timeOf } from '../fields.ts';
import { readAnswer, readMessages } from './messages.ts';
import type { EventContext } from './events.ts';

type Found = Partial<SpanRecord> & Pick<SpanRecord, 'kind' | 'name'>;
type Reader = (event: JsonObject, context: EventContext) => Found;

/** Null for events that only note something. */
export function readSpanEvent(event: JsonObject, context: EventContext): Found | null {
  const read = READERS.get(textOf(event.event) ?? '');
  return read === undefined ? null : { ...timesOf(event), ...read(event, context) };
}

const FRAME = ['event', 'timestamp', 'working_start', 'uuid', 'span_id', 'pending', 'completed', 'events', 'error'];
const MODEL = new Set([...FRAME, 'model', 'input', 'input_refs', 'output', 'call', 'call_refs']);
const TOOL = new Set([...FRAME, 'id', 'type', 'function', 'arguments', 'result', 'view', 'agent']);
const SANDBOX = new Set([...FRAME, 'action', 'cmd', 'file', 'input', 'output', 'options', 'result']);
const SUBTASK = new Set([...FRAME, 'name', 'type', 'input', 'result']);
const APPROVAL = new Set([...FRAME, 'message', 'call', 'decision', 'explanation']);
const SCORE = new Set([...FRAME, 'score', 'target', 'scorer']);

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['model', readModel],
  ['tool', readTool],
  ['sandbox', readSandbox],
  ['subtask', readSubtask],
  ['approval', readApproval],
  ['score', readScore],
]);

/** Events without an end were written when they had ended: they are points, but for model calls that say how long they took. */
function timesOf(event: JsonObject): Pick<SpanRecord, 'start' | 'end' | 'status'> {
  const time = timeOf(event.timestamp);
  const completed = timeOf(event.completed);
  if (event.pending === true) return { start: time, end: null, status: 'running' };
  if (completed !== null) return { start: time, end: completed, status: 'unset' };
  const took = event.event === 'model' ? numberOf(objectOf(event.output).time) : null;
  const isTold = time !== null && took !== null && took > 0 && took < 1e6;
  return { start: isTold ? time - BigInt(Math.round(took * 1e9)) : time, end: time, status: 'unset' };
}

function readModel(event: JsonObject, { references }: EventContext): Found {
  const output = objectOf(references.resolve(event.output));
  const model = textOf(output.model) ?? textOf(event.model);
  return {
    kind: 'generation',
    name: textOf(event.model) ?? 'generate',
    model,
    usage: readUsage(objectOf(output.usage)),
    input: readMessages(references.inputOf(event)),
    output: readAnswer(output),
    attributes: {
      ...objectOf(references.resolve(remaining(event, MODEL, 'inspect.'))),
      ...remaining(output, new Set(['model', 'choices', 'completion', 'usage', 'error']), 'inspect.output.'),
    },
    ...failureOf(event.error ?? output.error),
  };
}

/** Providers that count the cache beside the input show it in the total. */
function readUsage(usage: JsonObject): Usage | null {
  const input = countOf(usage.input_tokens);
  const output = countOf(usage.output_tokens);
  const cacheRead = countOf(usage.input_tokens_cache_read);
  const cacheWrite = countOf(usage.input_tokens_cache_write);
  const reasoning = countOf(usage.reasoning_tokens);
  if (input === null && output === null) return null;
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
  const isBeside = input !== null && (cached > input || countOf(usage.total_tokens) === input + (output ?? 0) + cached);
  return { input: input !== null && isBeside ? input + cached : input, output, cacheRead, cacheWrite, reasoning };
}

function readTool(event: JsonObject, { references }: EventContext): Found {
  const tool = textOf(event.function);
  const agent = textOf(event.agent);
  const error = objectOf(event.error);
  const isHandoff = agent !== null && tool !== null && /^(?:transfer_to_|handoff_to_)/.test(tool);
  return {
    kind: isHandoff ? 'handoff' : 'tool',
    name: tool ?? 'tool',
    tool: isHandoff ? null : tool,
    toolCallId: idOf(event.id),
    handoff: isHandoff ? { from: null, to: agent } : null,
    input: valueItems(references.resolve(event.arguments)),
    output: valueItems(references.resolve(event.result)),
    attributes: {
      ...objectOf(references.resolve(remaining(event, TOOL, 'inspect.'))),
      ...(agent === null ? {} : { 'inspect.agent': agent }),
    },
    ...(textOf(error.message) === null
      ? failureOf(event.error ?? (event.failed === true ? 'The tool failed.' : null))
      : failure({ type: textOf(error.type), message: textOf(error.message) ?? '' })),
  };
}

function readSandbox(event: JsonObject, { references }: EventContext): Found {
  const action = textOf(event.action);
  const input = remaining({ cmd: event.cmd ?? null, file: event.file ?? null, input: event.input ?? null }, new Set());
  return {
    kind: 'custom',
    subtype: 'sandbox',
    name: action ?? 'sandbox',
    input: valueItems(references.resolve(isEmpty(input) ? null : input)),
    output: valueItems(references.resolve(event.output)),
    attributes: {
      ...remaining(event, SANDBOX, 'inspect.'),
      ...remaining({ result: event.result ?? null, options: event.options ?? null }, new Set(), 'inspect.'),
    },
    ...(typeof event.result === 'number' && event.result !== 0
      ? failureOf(`The command ended with ${event.result}.`)
      : {}),
  };
}

function readSubtask(event: JsonObject, { references }: EventContext): Found {
  return {
    kind: 'chain',
    subtype: textOf(event.type) ?? 'subtask',
    name: textOf(event.name) ?? 'subtask',
    input: valueItems(references.resolve(event.input)),
    output: valueItems(references.resolve(event.result)),
    attributes: remaining(event, SUBTASK, 'inspect.'),
  };
}

function readApproval(event: JsonObject, { references }: EventContext): Found {
  return {
    kind: 'guardrail',
    subtype: 'approval',
    name: textOf(event.approver) ?? 'approval',
    input: valueItems(references.resolve(event.call)),
    output: valueItems(
      remaining({ decision: event.decision ?? null, explanation: event.explanation ?? null }, new Set()),
    ),
    attributes: {
      ...remaining(event, APPROVAL, 'inspect.'),
      ...remaining({ message: event.message ?? null }, new Set(), 'inspect.'),
    },
  };
}

function readScore(event: JsonObject, { references }: EventContext): Found {
  return {
    kind: 'evaluator',
    subtype: 'score',
    name: 'score',
    output: valueItems(references.resolve(event.score)),
    attributes: objectOf(
      references.resolve(
        remaining({ target: event.target ?? null, ...remaining(event, SCORE) }, new Set(), 'inspect.'),
      ),
    ),
  };
}

function valueItems(value: Json): ContentItem[] {
  if (isEmpty(value)) return [];
  return [typeof value === 'string' ? { kind: 'text', text: value } : { kind: 'json', value }];
}

function failureOf(value: Json | undefined): { status: SpanStatus; error: SpanError } | Record<string, never> {
  if (isEmpty(value)) return {};
  return failure({ type: null, message: typeof value === 'string' ? value : JSON.stringify(value) });
}

function failure(error: SpanError): { status: SpanStatus; error: SpanError } {
  return { status: 'error', error };
}
