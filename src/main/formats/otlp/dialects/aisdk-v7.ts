/**
 * Vercel AI SDK 7 (scope `gen_ai`): the GenAI conventions with `agent_step` between agent and model call. Telemetry
 * metadata is not sent; what an app puts into its runtime context is.
 */
import { metadataUnder } from './json-map.ts';
import { text } from './readers.ts';
import type { Dialect } from './types.ts';

const CONTEXT = 'ai.settings.context.';

export const aiSdkV7: Dialect = {
  id: 'aisdk_v7',
  scopes: [/^gen_ai$/],
  tells: [],
  facts: [
    text('session', 70, `${CONTEXT}sessionId`),
    text('session', 71, `${CONTEXT}chatId`),
    text('session', 72, `${CONTEXT}threadId`),
    text('user', 43, `${CONTEXT}userId`),
  ],
  names: [metadataUnder(45, CONTEXT, ['sessionId', 'chatId', 'threadId', 'userId'])],
};
