/** Exceptions as log events: the newer way to record on a span what failed in it. */
import type { SpanRecord } from '#shared/record.ts';
import { textOf } from '../fields.ts';
import type { Collector } from './collect.ts';
import type { OtlpLog } from './log.ts';
import { isControlFlowType } from '../otlp/failure.ts';
import { originOfLog, partOf } from './parts.ts';

/** False when the record is no exception, or stands in no span. */
export function readException(log: OtlpLog, collector: Collector): boolean {
  const { traceId, spanId, attributes, event } = log;
  if (event !== 'exception' || traceId === null || spanId === null) return false;
  collector.event(log, { traceId, spanId }, 'generic');
  const type = textOf(attributes['exception.type']);
  if (type !== null && isControlFlowType(type)) return true;
  const said = typeof log.body === 'string' ? textOf(log.body) : null;
  const message = textOf(attributes['exception.message']) ?? said ?? type ?? 'An exception was logged.';
  const part: SpanRecord = partOf({
    key: collector.keyOf(log, { traceId, spanId }),
    traceId,
    spanId,
    kind: 'custom',
    name: '',
    status: 'error',
    error: { type, message },
    origin: originOfLog(log, 'generic'),
  });
  collector.add(part);
  return true;
}
