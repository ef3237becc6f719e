/**
 * OpenAI's `sample` of an item whose answer lies in a trace: what the agent was given and what it said, with its tool calls.
 * Its `item`, where no dataset gave one, is the trace's metadata, as graders see it.
 */
import type { RunItem } from '#shared/eval.ts';
import { toAppError } from '#shared/result.ts';
import type { Reader } from '../../../store/database.ts';
import { buildSubject } from '../../grading/subject.ts';
import { createTaskIndex } from '../../grading/task-index.ts';
import type { Prices } from '../../prices.ts';
import { resting } from '../rest.ts';

/** Items of a run with a sample each; one whose trace is gone has none. */
export async function* withSamples(
  reader: Reader,
  prices: Pick<Prices, 'estimator'>,
  items: Iterable<RunItem>,
  signal: AbortSignal,
): AsyncGenerator<RunItem> {
  const rest = resting(signal);
  const options = {
    reader,
    estimator: () => prices.estimator(),
    needs: { findings: false, transcript: false },
    tasks: createTaskIndex(reader),
  };
  for (const item of items) {
    await rest();
    const { traceId, gone } = item.row;
    yield traceId === null || gone || item.sample !== null ? item : { ...item, ...rowOf(traceId, item) };
  }

  function rowOf(traceId: string, { item }: RunItem): Pick<RunItem, 'item' | 'sample'> {
    try {
      const { subject } = buildSubject(options, traceId);
      const { trace } = subject;
      if (!trace) return { item, sample: null };
      const text = trace.output_text;
      const calls = trace.tool_calls.map(({ id, span_id: spanId, name, arguments: args }) => ({
        id: id ?? spanId,
        type: 'function',
        function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
      }));
      const generation = trace.spans.findLast(({ kind, model }) => kind === 'generation' && model !== null);
      const sample = {
        input: trace.input === '' ? [] : [{ role: 'user', content: trace.input }],
        output: [{ role: 'assistant', content: text, ...(calls.length > 0 ? { tool_calls: calls } : {}) }],
        output_text: text,
        model: generation?.model ?? null,
        finish_reason: null,
        usage: {
          prompt_tokens: trace.usage.input_tokens,
          completion_tokens: trace.usage.output_tokens,
          total_tokens: trace.usage.total_tokens,
          cached_tokens: null,
        },
        error: null,
        seed: null,
        temperature: null,
        top_p: null,
        max_completion_tokens: null,
      };
      return { item: item ?? trace.metadata, sample };
    } catch (cause) {
      // Deleted meanwhile: the verdicts are still worth writing.
      if (toAppError(cause).code === 'not_found') return { item, sample: null };
      throw cause;
    }
  }
}
