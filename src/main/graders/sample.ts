/**
 * OpenAI's `sample` from what a person has at hand: the object itself, a part of it, or the answer as text (`model_sample` of
 * its run endpoint). What is given is never changed; what can be derived is added.
 */
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';

export function completeSample(given: Json): Json {
  if (typeof given === 'string') return withJson({ output_text: given }, given);
  if (!isJsonObject(given)) return given;
  const message = firstMessage(given);
  const text = given.output_text ?? message?.content;
  const calls = given.output_tools ?? message?.tool_calls;
  const sample: JsonObject = {
    ...given,
    ...(typeof text === 'string' ? { output_text: text } : {}),
    ...(Array.isArray(calls) ? { output_tools: calls as readonly Json[] } : {}),
  };
  return typeof text === 'string' ? withJson(sample, text) : sample;
}

function firstMessage({ choices }: JsonObject): JsonObject | null {
  const first: unknown = Array.isArray(choices) ? choices[0] : null;
  return isJsonObject(first) && isJsonObject(first.message) ? first.message : null;
}

/** `output_json` where the answer is an object or a list, as OpenAI's run endpoint sets it. */
function withJson(sample: JsonObject, text: string): JsonObject {
  if (sample.output_json !== undefined || !/^\s*[[{]/.test(text)) return sample;
  try {
    return { ...sample, output_json: JSON.parse(text) as Json };
  } catch {
    return sample;
  }
}
