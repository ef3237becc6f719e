/** How the input of a model call differs from that of the same agent's call before. */
import type { ContextChanges, InputEdit, OfferedTool } from '#shared/context.ts';
import { diffSequences } from '#shared/diff.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { contentText } from '#shared/message.ts';
import type { HeldItem } from './context-parts.ts';

export type GenerationSide = {
  readonly model: string | null;
  readonly input: readonly HeldItem[];
  readonly output: readonly HeldItem[];
  readonly attributes: JsonObject;
  readonly tools: readonly OfferedTool[];
};

/** Of a text, this much is looked at to see whether it is a changed form of another. */
const LOOKED_AT = 4_000;
/** Runs of more messages are not compared each with each. */
const MOST_PAIRED = 60;
const LIKE = 0.4;

export function findChanges(before: GenerationSide, after: GenerationSide): ContextChanges {
  const inputs = alignInputs(before, after);
  const removed = inputs.flatMap((edit) => (edit.type === 'removed' ? [at(before.input, edit.before)] : []));
  const added = inputs.flatMap((edit) => (edit.type === 'added' ? [edit] : []));
  const fresh = added
    .filter((edit) => !edit.answer)
    .map((edit) => at(after.input, edit.at))
    .filter((held) => roleOf(held) !== 'tool');
  const gone = removed.filter((held) => !isInstruction(held));
  const goneBytes = bytesOf(gone);
  const freshBytes = bytesOf(fresh);
  const stays = inputs.some((edit) => edit.type === 'same' && !sameIsInstruction(edit, after.input));
  const another = !stays && gone.length > 0 && !inputs.some((edit) => edit.type === 'changed');
  return {
    inputs,
    kept: inputs.reduce((sum, edit) => sum + (edit.type === 'same' ? edit.count : 0), 0),
    added: added.length,
    removed: removed.length,
    changed: inputs.filter((edit) => edit.type === 'changed').length,
    compacted:
      gone.length >= 2 && isWhole(before) && goneBytes > 2 * freshBytes && (stays || fresh.length > 0)
        ? { removed: gone.length, removedBytes: goneBytes, added: fresh.length, addedBytes: freshBytes }
        : null,
    fresh: another,
    parameters: changedParameters(before, after),
    tools: changedTools(before.tools, after.tools),
  };
}

/** Its own earlier answers stand in it: sources that record only what is new for each call have none. */
function isWhole({ input }: GenerationSide): boolean {
  return input.some((held) => roleOf(held) === 'assistant' || roleOf(held) === 'model');
}

function sameIsInstruction(edit: InputEdit & { readonly type: 'same' }, input: readonly HeldItem[]): boolean {
  return input.slice(edit.at, edit.at + edit.count).every(isInstruction);
}

function alignInputs(before: GenerationSide, after: GenerationSide): InputEdit[] {
  const said = new Set(before.output.map(({ key }) => key));
  const saidTexts = new Set(before.output.map(sayingOf).filter((text) => text !== ''));
  const isAnswer = (held: HeldItem): boolean => said.has(held.key) || saidTexts.has(sayingOf(held));
  const edits: InputEdit[] = [];
  let removed: number[] = [];
  let added: number[] = [];
  function close(): void {
    edits.push(...pairUp(before.input, after.input, removed, added, isAnswer));
    removed = [];
    added = [];
  }
  const runs = diffSequences(
    before.input.map(({ key }) => key),
    after.input.map(({ key }) => key),
  );
  for (const run of runs) {
    const indices = (from: number): number[] => Array.from({ length: run.count }, (_, index) => from + index);
    if (run.type === 'removed') removed.push(...indices(run.a));
    else if (run.type === 'added') added.push(...indices(run.b));
    else {
      close();
      edits.push({ type: 'same', at: run.b, before: run.a, count: run.count });
    }
  }
  close();
  return edits;
}

/** Of what went and what came in one place, which came for which: in order, of the same role, and alike. */
function pairUp(
  before: readonly HeldItem[],
  after: readonly HeldItem[],
  removed: readonly number[],
  added: readonly number[],
  isAnswer: (held: HeldItem) => boolean,
): InputEdit[] {
  const edits: InputEdit[] = [];
  const few = removed.length <= MOST_PAIRED && added.length <= MOST_PAIRED;
  const words = few ? new Map(added.map((index) => [index, wordsOf(at(after, index))])) : null;
  let next = 0;
  function comes(upTo: number): void {
    for (; next < upTo; next++) {
      const index = added[next] ?? 0;
      edits.push({ type: 'added', at: index, answer: isAnswer(at(after, index)) });
    }
  }
  for (const gone of removed) {
    const held = at(before, gone);
    const mine = words ? wordsOf(held) : null;
    let place = -1;
    for (let candidate = next; mine && candidate < added.length && place < 0; candidate++) {
      const other = at(after, added[candidate] ?? 0);
      const instruction = isInstruction(held) && isInstruction(other);
      const alike = likeness(mine, words?.get(added[candidate] ?? 0) ?? new Set());
      if (roleOf(held) === roleOf(other) && !isAnswer(other) && (instruction || alike >= LIKE)) place = candidate;
    }
    if (place < 0) {
      edits.push({ type: 'removed', before: gone });
      continue;
    }
    comes(place);
    edits.push({ type: 'changed', at: added[place] ?? 0, before: gone });
    next = place + 1;
  }
  comes(added.length);
  return edits;
}

function wordsOf({ item }: HeldItem): Set<string> {
  return new Set(
    item === null
      ? []
      : (contentText(item)
          .slice(0, LOOKED_AT)
          .match(/[\p{L}\p{N}]+/gu) ?? []),
  );
}

/** Shared words of all words. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.size === 0 || other.size === 0) return 0;
  let shared = 0;
  for (const word of one) if (other.has(word)) shared++;
  return shared / (one.size + other.size - shared);
}

/** What a message says, whichever side of a call it stands on: finish reasons and the like aside. */
function sayingOf({ item }: HeldItem): string {
  if (item === null) return '';
  if (item.kind !== 'message') return contentText(item).slice(0, LOOKED_AT);
  const said = item.parts.filter(({ type }) => type !== 'reasoning');
  return contentText({ ...item, parts: said }).slice(0, LOOKED_AT);
}

function roleOf({ item }: HeldItem): string {
  if (item?.kind !== 'message') return item?.kind ?? '';
  return item.role === 'function' || item.role === 'tool-response' ? 'tool' : item.role;
}

function isInstruction(held: HeldItem): boolean {
  const role = roleOf(held);
  return role === 'system' || role === 'developer';
}

function bytesOf(all: readonly HeldItem[]): number {
  return all.reduce((sum, { size }) => sum + size, 0);
}

/** Attributes that are settings of the model, or hold them. */
const SETTING = /^(?:gen_ai\.request\.|ai\.settings\.|llm\.request\.)(?!tools$|functions\.|model$|type$|headers)(.+)$/;
const HOLDERS = [
  'llm.invocation_parameters',
  'model_config',
  'langsmith.extra.invocation_params',
  'langfuse.observation.modelParameters',
  'inspect.config',
  'ai.prompt.toolChoice',
  'inspect.tool_choice',
] as const;
const OF_RESPONSE = [
  'temperature',
  'top_p',
  'max_output_tokens',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'truncation',
];
const NO_SETTINGS: ReadonlySet<string> = new Set(['tools', 'functions', 'messages', 'input', 'model', 'instructions']);
const MOST_SETTINGS = 200;

function parametersOf({ model, attributes }: Pick<GenerationSide, 'model' | 'attributes'>): Map<string, Json> {
  const found = new Map<string, Json>();
  const put = (name: string, value: Json | undefined): void => {
    if (value !== undefined && value !== null && !found.has(name) && found.size < MOST_SETTINGS) found.set(name, value);
  };
  put('model', model);
  for (const [key, value] of Object.entries(attributes)) {
    const name = SETTING.exec(key)?.[1];
    if (name !== undefined) put(name, value);
  }
  for (const holder of HOLDERS) {
    const value = parsed(attributes[holder]);
    if (isJsonObject(value) && !holder.endsWith('oice')) {
      for (const [name, each] of Object.entries(value)) if (!NO_SETTINGS.has(name)) put(name, each);
    } else if (holder.endsWith('oice')) put('tool_choice', value);
  }
  const { response } = attributes;
  if (isJsonObject(response)) for (const name of OF_RESPONSE) put(name, response[name]);
  return found;
}

function changedParameters(before: GenerationSide, after: GenerationSide): ContextChanges['parameters'] {
  const old = parametersOf(before);
  const now = parametersOf(after);
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return [{ name, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
}

function changedTools(before: readonly OfferedTool[], after: readonly OfferedTool[]): ContextChanges['tools'] {
  const old = new Map(before.map((tool) => [tool.name, tool]));
  const now = new Map(after.map((tool) => [tool.name, tool]));
  return {
    added: after.filter(({ name }) => !old.has(name)).map(({ name }) => name),
    removed: before.filter(({ name }) => !now.has(name)).map(({ name }) => name),
    changed: after
      .filter((tool) => {
        const was = old.get(tool.name);
        return was !== undefined && saysOf(was) !== saysOf(tool);
      })
      .map(({ name }) => name),
  };
}

function saysOf({ description, schema }: OfferedTool): string {
  return JSON.stringify([description, schema]);
}

function parsed(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string' || !/^\s*\{/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}

function at(list: readonly HeldItem[], index: number): HeldItem {
  return list[index] ?? { key: -1, size: 0, item: null };
}
