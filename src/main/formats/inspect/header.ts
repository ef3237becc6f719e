import { isJsonObject, type JsonObject } from '#shared/json.ts';
import type { SpanOrigin } from '#shared/record.ts';
import { idOf, listOf, objectOf, textOf } from '../fields.ts';
import { originOf } from '../span-record.ts';

/** What the log says about all of its samples. */
export type Header = {
  /** Names the evaluation in trace ids: its own id, else the file. */
  readonly key: string;
  readonly task: string | null;
  readonly model: string | null;
  readonly status: string | null;
  readonly created: string | null;
  readonly tags: readonly string[];
  /** The name of the only scorer of old logs, whose samples have one score without a name. */
  readonly scorer: string;
  readonly origin: SpanOrigin;
};

export function readHeader(log: JsonObject, natural: string): Header {
  const spec = objectOf(log.eval);
  const { samples: _samples, reductions: _reductions, ...about } = log;
  const packages = objectOf(spec.packages);
  const results = objectOf(log.results);
  const [first] = listOf(results.scores);
  const scorer = isJsonObject(first) ? textOf(first.name) : textOf(objectOf(results.scorer).name);
  const run = [idOf(spec.run_id), idOf(spec.task_id)].filter((id) => id !== null).join('/');
  return {
    key: idOf(spec.eval_id) ?? (run === '' ? natural : run),
    task: textOf(spec.task),
    model: textOf(spec.model),
    status: textOf(log.status),
    created: textOf(spec.created),
    tags: listOf(spec.tags).filter((tag) => typeof tag === 'string'),
    scorer: scorer ?? 'score',
    origin: originOf('inspect', textOf(packages.inspect_ai), Object.keys(about).length === 0 ? null : about),
  };
}
