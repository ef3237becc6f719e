/** Which trace belongs to which example of a dataset. Those of one example are its trials. */
import { canonicalJson } from '#shared/canonical-json.ts';
import type { DatasetExample } from '#shared/dataset.ts';
import type { ExampleLink } from '#shared/eval.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { taskOf } from '../../review/pairs.ts';
import type { Reader } from '../../store/database.ts';
import { examplesIn } from '../../store/dataset-store.ts';
import { inputsOf } from '../../store/eval-inputs.ts';
import type { SourceTrace } from '../../store/eval-sources.ts';
import { rowIn } from '../grading/subject.ts';
import { inputHash } from './input-hash.ts';
import type { Rest } from './rest.ts';

export type LinkedTraces = {
  /** In the order of the traces. */
  readonly linked: readonly { readonly trace: SourceTrace; readonly example: DatasetExample }[];
  /** Examples that have no trace. */
  readonly missing: number;
};

export type LinkQuestion = {
  readonly datasetId: string;
  readonly version: number;
  readonly link: ExampleLink;
  readonly traces: readonly SourceTrace[];
};

/** @param rest lets others have their turn, in long loops */
export async function linkTraces(reader: Reader, question: LinkQuestion, rest: Rest): Promise<LinkedTraces> {
  const { datasetId, version, link, traces } = question;
  // Read as one: nothing else may use the connection between two rows.
  const examples = [...examplesIn(reader, datasetId, version)];
  const index = indexOf(examples.map(({ example }) => example));
  const byInput = new Map<string, DatasetExample>();
  for (const { example, inputHash: hash } of examples) if (hash) keep(byInput, hex(hash), example);

  function byInputOf({ key }: SourceTrace): DatasetExample | null {
    if (byInput.size === 0) return null;
    for (const input of inputsOf(reader, key)) {
      const found = byInput.get(hex(inputHash(input)));
      if (found) return found;
    }
    return null;
  }

  function find(trace: SourceTrace): DatasetExample | null {
    if (link.by === 'input') return byInputOf(trace);
    const metadata = trace.metadata === null ? null : (JSON.parse(trace.metadata) as JsonObject);
    if (link.by === 'metadata') {
      const value = metadata === null ? undefined : fieldOf(metadata, link.field);
      return typeof value === 'string' || typeof value === 'number' ? (index.byKey.get(String(value)) ?? null) : null;
    }
    return index.find(trace.id, metadata) ?? byInputOf(trace);
  }

  const linked: { trace: SourceTrace; example: DatasetExample }[] = [];
  const found = new Set<string>();
  for (const trace of traces) {
    await rest();
    const example = find(trace);
    if (!example) continue;
    found.add(example.key);
    linked.push({ trace, example });
  }
  return { linked, missing: examples.length - found.size };
}

/** A field of the metadata, also of an object in it: `run.case`; metadata may hold metadata. */
function fieldOf(metadata: JsonObject, field: string): Json | undefined {
  for (const within of [metadata, metadata.metadata]) {
    if (!isJsonObject(within)) continue;
    if (Object.hasOwn(within, field)) return within[field];
    let value: Json | undefined = within;
    for (const part of field.split('.'))
      value = isJsonObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

type ExampleIndex = {
  readonly byKey: ReadonlyMap<string, DatasetExample>;
  readonly find: (traceId: string, metadata: JsonObject | null) => DatasetExample | undefined;
};

/** By the trace that it was made from, then by the task that both name, then by the row kept in the metadata. */
function indexOf(examples: readonly DatasetExample[]): ExampleIndex {
  const byKey = new Map<string, DatasetExample>();
  const byOrigin = new Map<string, DatasetExample>();
  const byTask = new Map<string, DatasetExample>();
  const byRow = new Map<string, DatasetExample>();
  for (const example of examples) {
    keep(byKey, example.key, example);
    if (example.origin.kind === 'trace') keep(byOrigin, example.origin.traceId, example);
    const task = taskOf(example.item);
    if (task !== null) keep(byTask, task, example);
    if (Object.keys(example.item).length > 0) keep(byRow, canonicalJson(example.item), example);
  }
  return {
    byKey,
    find(traceId, metadata) {
      const own = byOrigin.get(traceId);
      if (own || metadata === null) return own;
      const task = taskOf(metadata);
      if (task !== null) {
        const named = byTask.get(task) ?? byKey.get(task) ?? byKey.get(task.slice(task.indexOf(' ') + 1));
        if (named) return named;
      }
      const row = rowIn(metadata);
      return Object.keys(row).length === 0 ? undefined : byRow.get(canonicalJson(row));
    },
  };
}

/** The first of several that are alike. */
function keep(map: Map<string, DatasetExample>, key: string, example: DatasetExample): void {
  if (!map.has(key)) map.set(key, example);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
