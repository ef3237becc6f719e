/**
 * Whether a span failed. The status code is not enough: real clients report failed steps with a status of OK or unset
 * and an exception event or an error attribute, and frameworks throw exceptions to steer, not to fail.
 */
import type { SpanError, SpanStatus } from '#shared/record.ts';
import type { FactSheet } from './facts.ts';
import type { OtlpEvent, OtlpSpan } from './span.ts';

/** Exceptions that carry control flow; names may stand in a module path ("langgraph.errors.GraphInterrupt"). */
const CONTROL_FLOW =
  /(?:^|[.:])(?:GraphInterrupt|NodeInterrupt|GraphBubbleUp|ParentCommand|Command|GeneratorExit|AgentRunInterrupted)$/;
const MAX_TYPE = 300;

export function readFailureOf(span: OtlpSpan, facts: FactSheet): { status: SpanStatus; error: SpanError | null } {
  const exceptions = span.events.length === 0 ? span.events : span.events.filter(isException);
  const exception = exceptions.find((event) => !isControlFlow(event));
  const onlyControlFlow = exceptions.length > 0 && exception === undefined;
  const failed = exception !== undefined || facts.get('failed') !== null || (span.statusCode === 2 && !onlyControlFlow);
  if (!failed) return { status: span.end === null ? 'running' : span.statusCode === 1 ? 'ok' : 'unset', error: null };
  const type = facts.get('errorType') ?? textOf(exception, 'exception.type');
  const message =
    span.statusMessage ||
    textOf(exception, 'exception.message') ||
    facts.get('errorMessage') ||
    (type ?? 'The span failed and does not say why.');
  return { status: 'error', error: { type, message } };
}

function isException(event: OtlpEvent): boolean {
  return event.name === 'exception';
}

function isControlFlow(event: OtlpEvent): boolean {
  const type = textOf(event, 'exception.type');
  return type !== null && isControlFlowType(type);
}

export function isControlFlowType(type: string): boolean {
  return type.length <= MAX_TYPE && CONTROL_FLOW.test(type);
}

function textOf(event: OtlpEvent | undefined, key: string): string | null {
  const value = event?.attributes[key];
  return typeof value === 'string' && value !== '' ? value : null;
}
