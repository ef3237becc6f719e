/**
 * What is asked of /chat/completions and how its answer is read. An endpoint is asked for an answer by JSON schema; one
 * that cannot is asked for a JSON object, and one that cannot do that either is told in words.
 */
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { ChatMessage, JudgeRequest } from '../../graders/types.ts';

export const ANSWER_FORMS = ['json_schema', 'json_object', 'words'] as const;
export type AnswerForm = (typeof ANSWER_FORMS)[number];

export type ChatOptions = {
  readonly model: string;
  readonly form: AnswerForm;
  /** For servers that do not know the newer name of that limit. */
  readonly oldTokenLimit: boolean;
};

export function chatBody({ messages, parameters, schema }: JudgeRequest, options: ChatOptions): JsonObject {
  const { model, form, oldTokenLimit } = options;
  const given = Object.fromEntries(
    Object.entries(parameters)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [oldTokenLimit && name === 'max_completion_tokens' ? 'max_tokens' : name, value]),
  );
  const plain = messages.map(toChat);
  return {
    ...given,
    model,
    messages: form === 'json_schema' ? plain : withInstruction(plain, inWords(schema)),
    ...(form === 'json_schema' && {
      response_format: { type: 'json_schema', json_schema: { name: 'verdict', strict: true, schema } },
    }),
    ...(form === 'json_object' && { response_format: { type: 'json_object' } }),
  };
}

/** Servers that know no developer treat it as an error; OpenAI reads a system message as one. */
function toChat({ role, content }: ChatMessage): JsonObject {
  return { role: role === 'developer' ? 'system' : role, content };
}

function inWords(schema: JsonObject): string {
  return `Answer with one JSON object that fits this JSON schema, its members in this order, and write nothing else:\n${JSON.stringify(schema)}`;
}

/** Into the last message of the user where there is one: many templates of models want roles that take turns. */
function withInstruction(messages: readonly JsonObject[], instruction: string): JsonObject[] {
  const last = messages.at(-1);
  if (last?.role !== 'user') return [...messages, { role: 'user', content: instruction }];
  const content: Json = Array.isArray(last.content)
    ? [...(last.content as readonly Json[]), { type: 'text', text: instruction }]
    : `${typeof last.content === 'string' ? last.content : ''}\n\n${instruction}`;
  return [...messages.slice(0, -1), { ...last, content }];
}

export type ChatUsage = { readonly prompt: number; readonly completion: number; readonly cached: number };

export type ChatAnswer = {
  /** What the model wrote; null = the answer is none of a chat completion. */
  readonly text: string | null;
  /** Why it does not answer; null = it does. */
  readonly refusal: string | null;
  /** It ended at its limit of tokens. */
  readonly cut: boolean;
  /** As the endpoint names it. */
  readonly model: string | null;
  /** Null = it does not say. */
  readonly usage: ChatUsage | null;
};

/** Reads a body of status 200; what is missing is null, whatever the body holds. */
export function readChat(body: string): ChatAnswer {
  const answer = parseObject(body);
  const choice: Json = Array.isArray(answer?.choices) ? ((answer.choices as readonly Json[])[0] ?? null) : null;
  const message = isJsonObject(choice) && isJsonObject(choice.message) ? choice.message : null;
  const ended = isJsonObject(choice) ? choice.finish_reason : null;
  const text = message ? textOf(message.content) : null;
  const said = message?.refusal ?? refusalPart(message?.content);
  const refusal =
    typeof said === 'string' && said !== ''
      ? said
      : ended === 'content_filter'
        ? "The endpoint's content filter kept the answer back."
        : null;
  return {
    text,
    refusal,
    cut: ended === 'length',
    model: typeof answer?.model === 'string' && answer.model !== '' ? answer.model.slice(0, 200) : null,
    usage: usageOf(answer?.usage),
  };
}

function textOf(content: Json | undefined): string | null {
  if (typeof content === 'string') return content;
  // Reasoning models and some gateways answer in parts.
  if (!Array.isArray(content)) return content === null ? '' : null;
  return (content as readonly Json[])
    .map((part) => (isJsonObject(part) && typeof part.text === 'string' ? part.text : ''))
    .join('');
}

function refusalPart(content: Json | undefined): Json {
  if (!Array.isArray(content)) return null;
  const part = (content as readonly Json[]).find((each) => isJsonObject(each) && typeof each.refusal === 'string');
  return isJsonObject(part) ? (part.refusal ?? null) : null;
}

export function usageOf(usage: Json | undefined): ChatUsage | null {
  if (!isJsonObject(usage)) return null;
  const prompt = countOf(usage.prompt_tokens ?? usage.total_tokens);
  const details = usage.prompt_tokens_details;
  if (prompt === null) return null;
  return {
    prompt,
    completion: countOf(usage.completion_tokens) ?? 0,
    cached: (isJsonObject(details) ? countOf(details.cached_tokens) : null) ?? 0,
  };
}

function countOf(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function parseObject(text: string): JsonObject | null {
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** A text that is no JSON and begins like this says no. */
export function looksLikeRefusal(text: string): boolean {
  return /^\W{0,5}(?:i['’]?m sorry|i am sorry|sorry,|i can(?:no|['’])?t\b|i cannot|i won['’]?t|i will not|i['’]?m (?:not able|unable)|i am (?:not able|unable)|as an ai\b)/i.test(
    text.slice(0, 200),
  );
}

export type HttpError = { readonly message: string; readonly code: string | null };

/** The sentence of an error body, in any of the shapes that servers use, without anything that looks like a key. */
export function readError(body: string, key: string | null): HttpError {
  const answer = parseObject(body);
  const error = answer?.error ?? answer?.detail ?? answer?.message ?? null;
  const message = isJsonObject(error) ? error.message : error;
  const code = isJsonObject(error) ? (error.code ?? error.type) : null;
  const told = typeof message === 'string' ? message : message === null ? '' : JSON.stringify(message);
  const scrubbed = (key === null || key === '' ? told : told.replaceAll(key, '[key]')).replace(
    /\b(?:sk|key|pk|gsk|xai)-[\w*.-]{6,}/g,
    '[key]',
  );
  return { message: scrubbed.slice(0, 300), code: typeof code === 'string' ? code.slice(0, 100) : null };
}

/** Whether an endpoint may take the question when it is asked for another form of answer. */
export function complainsOfForm({ message }: HttpError): boolean {
  return message === '' || /response[_ ]format|json|schema|grammar|structured|unsupported|extra|unknown/i.test(message);
}
