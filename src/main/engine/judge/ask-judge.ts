/** Asks one judge: from the cache, else in the form of answer that its endpoint is known to give, else in the next one. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '#shared/canonical-json.ts';
import type { TokenUse } from '#shared/grader.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { JudgeAnswer, JudgeRequest, ServiceError } from '../../graders/types.ts';
import type { Asking } from './asking.ts';
import type { AnswerForm, ChatAnswer } from './chat.ts';
import { ANSWER_FORMS, chatBody, complainsOfForm, looksLikeRefusal, readChat, readError } from './chat.ts';
import type { EndpointInUse } from './endpoint-in-use.ts';
import { addressOf, headersOf } from './endpoint-in-use.ts';
import { extractObject } from './extract-json.ts';

/** Rejects only when `signal` aborts. */
export async function askJudge(asking: Asking, request: JudgeRequest, signal: AbortSignal): Promise<JudgeAnswer> {
  const { endpoint, memory } = asking;
  const model = modelOf(endpoint, request);
  if (model === null) return refuse(serverError(noModel(endpoint)));
  const key = cacheKey(endpoint, model, request);
  const known = memory.answer(key);
  if (known) return { ok: true, ...known, usage: [{ ...asking.priced(known.model, 0, null), cost: 0, cached: true }] };

  const totals = { calls: 0, prompt: 0, completion: 0, cached: 0, told: false, model };
  const usage = (): TokenUse[] =>
    totals.calls === 0 ? [] : [asking.priced(totals.model, totals.calls, totals.told ? totals : null)];
  const remembered = memory.form(endpoint.baseUrl, model);
  const first = Math.max(0, ANSWER_FORMS.indexOf(remembered as AnswerForm));
  const members = requiredOf(request.schema);
  let oldTokenLimit = false;
  let last: { readonly error: ServiceError; readonly text: string } | null = null;

  for (let at = first; at < ANSWER_FORMS.length; at++) {
    const form = ANSWER_FORMS[at] ?? 'words';
    const body = JSON.stringify(chatBody(request, { model, form, oldTokenLimit }));
    const url = addressOf(endpoint, 'chat/completions', model);
    const outgoing = {
      url,
      headers: headersOf(endpoint, asking.key),
      body,
      purpose: 'judge',
      timeoutMs: endpoint.timeoutMs,
    } as const;
    const answered = await asking.send(outgoing, signal);
    if (!answered.ok) return refuse(serverError(`${endpoint.label}: ${answered.error.message}`), usage());
    const { status, text } = answered.value;
    if (status !== 200) {
      const told = readError(text, asking.key);
      if (isFiltered(told.code, told.message)) return refuse(refusalError(told.message), usage());
      if (!oldTokenLimit && /max_completion_tokens/.test(told.message)) {
        oldTokenLimit = true;
        at--;
        continue;
      }
      const error = serverError(
        [`${endpoint.label} answered ${status}`, told.message, hintOf(status)].flatMap(sentence).join(' '),
      );
      if (!([400, 404, 415, 422, 501].includes(status) && complainsOfForm(told))) return refuse(error, usage());
      last ??= { error, text: '' };
      continue;
    }
    const chat = readChat(text);
    totals.calls++;
    count(totals, chat);
    if (chat.refusal !== null) return refuse(refusalError(chat.refusal), usage(), chat.text ?? '');
    const value = extractObject(chat.text ?? '', members);
    if (value) {
      if (form !== remembered && !(form === 'json_schema' && remembered === null))
        memory.keepForm(endpoint.baseUrl, model, form);
      const found = { value, text: chat.text ?? '', model: totals.model };
      memory.keepAnswer(key, found, request.traceIds ?? []);
      return { ok: true, value, text: found.text, usage: usage() };
    }
    if (looksLikeRefusal(chat.text ?? '')) return refuse(refusalError(chat.text ?? ''), usage(), chat.text ?? '');
    last = { error: parseError(endpoint, chat, members), text: chat.text ?? '' };
  }
  return refuse(last?.error ?? serverError('The endpoint did not answer.'), usage(), last?.text ?? '');
}

function modelOf(endpoint: EndpointInUse, { model, exactModel }: JudgeRequest): string | null {
  const own = endpoint.model === '' ? null : endpoint.model;
  const asked = model === '' || model === 'default' ? null : model;
  return endpoint.alwaysOwnModel && exactModel !== true ? (own ?? asked) : (asked ?? own);
}

function cacheKey({ baseUrl }: EndpointInUse, model: string, request: JudgeRequest): Uint8Array {
  const { graderHash, messages, parameters, schema, attempt = 0 } = request;
  const all = { baseUrl, model, graderHash, messages, parameters, schema, attempt };
  return createHash('sha256').update(canonicalJson(all)).digest();
}

function requiredOf({ required }: JsonObject): string[] {
  return Array.isArray(required)
    ? (required as readonly Json[]).filter((each): each is string => typeof each === 'string')
    : [];
}

function count(
  totals: { prompt: number; completion: number; cached: number; told: boolean; model: string },
  chat: ChatAnswer,
): void {
  if (chat.model !== null) totals.model = chat.model;
  if (chat.usage === null) return;
  totals.told = true;
  totals.prompt += chat.usage.prompt;
  totals.completion += chat.usage.completion;
  totals.cached += chat.usage.cached;
}

function parseError(endpoint: EndpointInUse, chat: ChatAnswer, members: readonly string[]): ServiceError {
  const what =
    chat.text === null
      ? 'is no chat completion'
      : chat.cut
        ? 'was cut at its limit of tokens before it was whole'
        : chat.text.trim() === ''
          ? 'is empty'
          : `holds no JSON object with ${members.join(' and ')}`;
  return { flag: 'model_grader_parse_error', message: `The answer of ${endpoint.label} ${what}.` };
}

function refuse(error: ServiceError, usage: JudgeAnswer['usage'] = [], text = ''): JudgeAnswer {
  return { ok: false, error, text, usage };
}

function serverError(message: string): ServiceError {
  return { flag: 'model_grader_server_error', message };
}

/** None of what says nothing. */
function sentence(said: string): readonly string[] {
  const text = said.trim();
  return text === '' ? [] : [/[.!?]$/.test(text) ? text : `${text}.`];
}

function refusalError(said: string): ServiceError {
  return { flag: 'model_grader_refusal_error', message: `The judge refused: ${said.trim().slice(0, 300)}` };
}

function isFiltered(code: string | null, message: string): boolean {
  return code === 'content_filter' || /content (?:management|filter)/i.test(message);
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return 'Check the key of this endpoint in Settings, Judge endpoints.';
  if (status === 404) return 'Check its address and the name of the model.';
  if (status === 429) return 'It is asked too often, or there is no credit left.';
  return '';
}

function noModel({ label }: EndpointInUse): string {
  return `Neither the grader nor the endpoint "${label}" names a model. Choose one in Settings, Judge endpoints.`;
}
