/** Entries of the log in words: one plain sentence each, and times in one notation. */
import type { SpanPreview } from '#shared/event-log.ts';
import { formatDuration } from '#shared/time.ts';
import { visibleString } from '../../../../widgets/visible-text.ts';
import { readRow, type SpanRow, type SpanTable } from '../../model/span-table.ts';
import { LOG_TYPES, type LogRows, type LogType } from './log-rows.ts';

export type LogEntry = {
  readonly place: number;
  readonly type: LogType;
  readonly span: SpanRow;
  /** "Planner called search". */
  readonly words: string;
  /** What was passed, given back or said: shown after the words, as it is. */
  readonly detail: string;
  readonly failed: boolean;
  /** Nanoseconds, where the span is over and the entry tells its end. */
  readonly duration: number | null;
  readonly tokens: string;
};

/** Names are cut: a sentence is read, the inspector has the whole. */
const NAME = 120;

export function readEntry(
  log: LogRows,
  table: SpanTable,
  place: number,
  preview: SpanPreview | undefined,
): LogEntry | null {
  const row = log.span[place] ?? -1;
  const span = readRow(table, row);
  if (!span) return null;
  const type = LOG_TYPES[log.type[place] ?? 0] ?? 'whole';
  const ended = type === 'end' || type === 'whole';
  const times = table.times();
  const failure = log.failures.get(row) ?? '';
  const failed = span.status === 'error' && ended;
  const event = log.events[log.event[place] ?? -1];
  const said = event
    ? { words: `${nameOf(span)}: ${shown(event.name) || event.kind}`, detail: event.text }
    : type === 'end'
      ? endWords(span, preview, failed, failure)
      : startWords(span, preview, failed ? failure : null);
  return {
    place,
    type,
    span,
    words: said.words,
    detail: visibleString(said.detail),
    failed: failed || event?.kind === 'exception',
    duration:
      ended && !event && log.timed && span.end !== null ? (times.end[row] ?? 0) - (times.start[row] ?? 0) : null,
    tokens: ended && !event ? tokenWords(span) : '',
  };
}

function startWords(span: SpanRow, preview: SpanPreview | undefined, failure: string | null) {
  const who = shown(span.agent);
  const detail = failure === null || failure === '' ? (preview?.input ?? '') : failure;
  const failed = failure === null ? '' : ' and failed';
  switch (span.kind) {
    case 'agent':
      return { words: `${who || nameOf(span)} began${failed}`, detail };
    case 'generation':
      return { words: `${who ? `${who} asked` : 'Asked'} ${shown(span.model) || 'a model'}${failed}`, detail };
    case 'tool':
      return { words: `${who ? `${who} called` : 'Called'} ${shown(span.tool) || nameOf(span)}${failed}`, detail };
    case 'handoff':
      return { words: handoffWords(span, preview) + failed, detail: failure ?? '' };
    case 'guardrail':
      return { words: `Guardrail ${nameOf(span)} checked${who ? ` ${who}` : ''}${failed}`, detail };
    case 'retrieval':
      return { words: `${who ? `${who} looked` : 'Looked'} up ${nameOf(span)}${failed}`, detail };
    case 'evaluator':
      return { words: `${nameOf(span)} evaluated${who ? ` ${who}` : ''}${failed}`, detail };
    case 'chain':
    case 'custom':
      return { words: `${nameOf(span)} began${failed}`, detail };
  }
}

function handoffWords(span: SpanRow, preview: SpanPreview | undefined): string {
  const from = shown(preview?.handoff?.from ?? '') || shown(span.agent);
  const to = shown(preview?.handoff?.to ?? '');
  if (to === '') return `${from || nameOf(span)} handed off`;
  return `${from || 'Control'} ${from ? 'handed off' : 'passed'} to ${to}`;
}

function endWords(span: SpanRow, preview: SpanPreview | undefined, failed: boolean, failure: string) {
  const who = shown(span.agent);
  const subject =
    span.kind === 'agent'
      ? who || nameOf(span)
      : span.kind === 'generation'
        ? shown(span.model) || 'The model'
        : span.kind === 'tool'
          ? shown(span.tool) || nameOf(span)
          : span.kind === 'handoff'
            ? handoffWords(span, preview)
            : nameOf(span);
  if (failed) return { words: `${subject}${span.kind === 'handoff' ? ', which' : ''} failed`, detail: failure };
  const detail = preview?.output ?? '';
  switch (span.kind) {
    case 'generation':
      return { words: `${subject} answered${who ? ` ${who}` : ''}`, detail };
    case 'tool':
      return { words: `${subject} returned${who ? ` to ${who}` : ''}`, detail };
    case 'handoff':
      return { words: `${subject}, done`, detail: '' };
    case 'agent':
      return { words: `${subject} finished`, detail };
    case 'guardrail':
    case 'retrieval':
    case 'evaluator':
    case 'chain':
    case 'custom':
      return { words: `${subject} ended`, detail };
  }
}

function nameOf(span: SpanRow): string {
  return shown(span.name) || 'a span without a name';
}

function shown(text: string): string {
  const cut = text.length > NAME ? `${text.slice(0, NAME)}…` : text;
  return visibleString(cut.replace(/\s+/g, ' ').trim());
}

function tokenWords({ inputTokens, outputTokens }: SpanRow): string {
  if (inputTokens === null && outputTokens === null) return '';
  const count = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en-US'));
  return `${count(inputTokens)} → ${count(outputTokens)}`;
}

/** "1.204 s", "0:12.450", "1:02:03.4": the same digits for all entries of a log that ends at `last` (nanoseconds). */
export function logTime(at: number, last: number): string {
  const sign = at < 0 ? '−' : '';
  const abs = Math.abs(at);
  if (last < 1e6) return `${sign}${(abs / 1e3).toFixed(1)} µs`;
  if (last < 1e9) return `${sign}${(abs / 1e6).toFixed(last < 10e6 ? 3 : 1)} ms`;
  if (last < 60e9) return `${sign}${(abs / 1e9).toFixed(3)} s`;
  // Rounded first, so that 59.9996 s does not become "0:60.000".
  const ms = Math.round(abs / 1e6);
  const seconds = ((ms % 60_000) / 1e3).toFixed(3).padStart(6, '0');
  const minutes = Math.floor(ms / 60_000);
  if (last < 3_600e9) return `${sign}${minutes}:${seconds}`;
  return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${seconds}`;
}

/** One line of text for the clipboard. */
export function entryLine(entry: LogEntry, time: string): string {
  const { span, words, detail, duration, tokens, failed } = entry;
  return [
    time,
    visibleString(span.agent),
    detail === '' ? words : `${words}: ${detail}`,
    duration === null ? '' : formatDuration(duration),
    tokens,
    failed ? 'error' : '',
  ]
    .map((cell) => cell.replace(/[\t\r\n]+/g, ' '))
    .join('\t')
    .trimEnd();
}
