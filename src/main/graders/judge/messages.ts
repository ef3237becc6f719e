/** `input` of a model grader: its messages, with their templates filled in, in the shape of chat completions. */
import type { GradeError, GraderDefinition, GraderProblem, Subject, SubjectNeeds } from '#shared/grader.ts';
import { TRANSCRIPT_LENGTH } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import { parseTemplate, renderTemplate, templateNeeds, templateProblems } from '../template.ts';
import type { ChatMessage } from '../types.ts';
import { bounded, delimited, RECORD_RULE } from './material.ts';

const ROLES = ['system', 'developer', 'user', 'assistant'] as const;

export type Rendered = {
  readonly messages: readonly ChatMessage[];
  /** Characters of the transcript that had no room. */
  readonly leftOut: number;
};

type Rendering = {
  readonly subject: Subject;
  /** Every text that is filled in stands between markers, not the transcript alone. */
  readonly guard: boolean;
  readonly mostTranscript: number;
  leftOut: number;
  marked: boolean;
};

export function renderMessages(
  definition: GraderDefinition,
  input: readonly Json[],
  subject: Subject,
): Result<Rendered, readonly GradeError[]> {
  const { max_transcript: most, guard } = definition;
  const rendering: Rendering = {
    subject,
    guard: guard === true,
    mostTranscript: typeof most === 'number' ? most : TRANSCRIPT_LENGTH,
    leftOut: 0,
    marked: false,
  };
  const messages: ChatMessage[] = [];
  const errors: GradeError[] = [];
  for (const message of input) {
    const { role, content } = isJsonObject(message) ? message : {};
    const rendered = renderContent(content ?? '', rendering);
    if (!rendered.ok) errors.push(...rendered.error);
    else messages.push({ role: ROLES.find((each) => each === role) ?? 'user', content: rendered.value });
  }
  if (errors.length > 0) return fail(errors);
  return ok({ messages: rendering.marked ? withRule(messages) : messages, leftOut: rendering.leftOut });
}

/** The judge is told of the markers before it sees one. */
function withRule(messages: readonly ChatMessage[]): ChatMessage[] {
  const [first, ...rest] = messages;
  if (first && (first.role === 'system' || first.role === 'developer') && typeof first.content === 'string')
    return [{ ...first, content: `${first.content}\n\n${RECORD_RULE}` }, ...rest];
  return [{ role: 'system', content: RECORD_RULE }, ...messages];
}

/** A text stays one; parts keep their order and kind. */
function renderContent(content: Json, rendering: Rendering): Result<Json, readonly GradeError[]> {
  if (typeof content === 'string') return renderText(content, rendering);
  const parts: Json[] = [];
  for (const part of Array.isArray(content) ? (content as readonly Json[]) : [content]) {
    const rendered = renderPart(part, rendering);
    if (!rendered.ok) return rendered;
    parts.push(rendered.value);
  }
  return ok(parts);
}

function renderPart(part: Json, rendering: Rendering): Result<Json, readonly GradeError[]> {
  if (typeof part === 'string') return mapOk(renderText(part, rendering), (text) => ({ type: 'text', text }));
  if (!isJsonObject(part)) return fail([unknownPart(part)]);
  const type = typeof part.type === 'string' ? part.type : '';
  switch (type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return mapOk(renderText(textOf(part.text), rendering), (text) => ({ type: 'text', text }));
    case 'input_image':
    case 'image_url': {
      const image = isJsonObject(part.image_url) ? part.image_url : part;
      const detail: JsonObject = typeof image.detail === 'string' ? { detail: image.detail } : {};
      return mapOk(plain(textOf(isJsonObject(part.image_url) ? image.url : part.image_url), rendering), (url) => ({
        type: 'image_url',
        image_url: { url, ...detail },
      }));
    }
    case 'input_audio': {
      const audio: JsonObject = isJsonObject(part.input_audio) ? part.input_audio : part;
      return mapOk(plain(textOf(audio.data), rendering), (data) => ({
        type: 'input_audio',
        input_audio: { data, format: audio.format ?? 'wav' },
      }));
    }
    default:
      return fail([unknownPart(part)]);
  }
}

/** What is no text for a reader has no markers. */
function plain(template: string, { subject }: Rendering): Result<string, readonly GradeError[]> {
  return renderTemplate(template, subject);
}

function renderText(template: string, rendering: Rendering): Result<string, readonly GradeError[]> {
  if (!template.includes('{{')) return ok(template);
  const texts: string[] = [];
  for (const part of parseTemplate(template)) {
    if ('literal' in part) {
      texts.push(part.literal);
      continue;
    }
    const value = renderTemplate(`{{ ${part.source} }}`, rendering.subject);
    if (!value.ok) return value;
    const isTranscript = part.path?.at(-1) === 'transcript' && part.path[0] !== 'item' && part.path[0] !== 'sample';
    if (!isTranscript && !rendering.guard) {
      texts.push(value.value);
      continue;
    }
    const { text, leftOut } = isTranscript
      ? bounded(value.value, rendering.mostTranscript)
      : { text: value.value, leftOut: 0 };
    rendering.leftOut += leftOut;
    rendering.marked = true;
    texts.push(delimited(text));
  }
  return ok(texts.join(''));
}

function mapOk<T>(
  result: Result<string, readonly GradeError[]>,
  map: (text: string) => T,
): Result<T, readonly GradeError[]> {
  return result.ok ? ok(map(result.value)) : result;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function unknownPart(part: Json): GradeError {
  const type = isJsonObject(part) && typeof part.type === 'string' ? ` of type "${part.type.slice(0, 60)}"` : '';
  return { flag: 'other_error', message: `A message has content${type}, which no judge can be given.` };
}

/** All texts of the messages that may hold templates, with the JSON pointers of their messages. */
export function templatesOf(input: readonly Json[]): readonly { readonly path: string; readonly template: string }[] {
  return input.flatMap((message, index) => {
    const content = isJsonObject(message) ? (message.content ?? null) : null;
    const parts = typeof content === 'string' || !Array.isArray(content) ? [content] : (content as readonly Json[]);
    return parts.flatMap(textsOfPart).map((template) => ({ path: `/input/${index}/content`, template }));
  });
}

function textsOfPart(part: Json): string[] {
  if (typeof part === 'string') return [part];
  if (!isJsonObject(part)) return [];
  return [part.text, part.image_url, isJsonObject(part.image_url) ? part.image_url.url : null].filter(
    (each): each is string => typeof each === 'string',
  );
}

export function messageNeeds(input: readonly Json[]): Partial<SubjectNeeds> {
  return templateNeeds(templatesOf(input).map(({ template }) => template));
}

export function messageProblems(input: readonly Json[]): GraderProblem[] {
  const problems: GraderProblem[] = [];
  for (const [index, message] of input.entries()) {
    const { role, content } = isJsonObject(message) ? message : {};
    const path = `/input/${index}`;
    if (!ROLES.some((each) => each === role))
      problems.push({ severity: 'error', path: `${path}/role`, message: `The role is ${ROLES.join(', ')}.` });
    if (content === undefined || content === null)
      problems.push({ severity: 'error', path: `${path}/content`, message: 'A message has content.' });
  }
  return [...problems, ...templatesOf(input).flatMap(({ path, template }) => templateProblems(template, path))];
}
