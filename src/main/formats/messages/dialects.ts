import { agentsJs } from './agents-js.ts';
import { aiSdk } from './ai-sdk.ts';
import { anthropic } from './anthropic.ts';
import { gemini } from './gemini.ts';
import { langChain } from './langchain.ts';
import { openAiChat } from './openai-chat.ts';
import { openAiResponses } from './openai-responses.ts';
import { otel } from './otel.ts';
import { requests } from './requests.ts';
import type { Dialect } from './types.ts';

/**
 * All message dialects, the most specific shape first: the first that knows a value reads it.
 * `requests` is last because almost anything can hold a field named `messages`.
 */
export const DIALECTS: readonly Dialect[] = [
  langChain,
  agentsJs,
  openAiResponses,
  otel,
  gemini,
  openAiChat,
  anthropic,
  aiSdk,
  requests,
];
