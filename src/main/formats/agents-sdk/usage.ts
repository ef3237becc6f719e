/** Token counts in all the shapes that the SDK sends: raw, sanitised (`details`), task and turn totals, chat names. */
import { isJsonObject, type Json, type JsonObject } from '#shared/json.ts';
import type { Usage } from '#shared/record.ts';

/** Null when the value states none of the counts. Input includes cached tokens, output includes reasoning, as OpenAI counts. */
export function readUsage(value: Json | undefined): Usage | null {
  if (!isJsonObject(value)) return null;
  const details = isJsonObject(value.details) ? value.details : {};
  const inputDetails =
    value.input_tokens_details ??
    value.prompt_tokens_details ??
    value.inputTokensDetails ??
    details.input_tokens_details;
  const outputDetails =
    value.output_tokens_details ??
    value.completion_tokens_details ??
    value.outputTokensDetails ??
    details.output_tokens_details;
  const usage: Usage = {
    input: count(value.input_tokens ?? value.prompt_tokens ?? value.inputTokens),
    output: count(value.output_tokens ?? value.completion_tokens ?? value.outputTokens),
    cacheRead: count(value.cached_input_tokens) ?? detail(inputDetails, 'cached_tokens'),
    cacheWrite: count(value.cache_write_input_tokens) ?? detail(inputDetails, 'cache_write_tokens'),
    reasoning: detail(outputDetails, 'reasoning_tokens'),
  };
  const said = usage.input ?? usage.output ?? usage.cacheRead ?? usage.cacheWrite ?? usage.reasoning;
  return said === null ? null : usage;
}

/** One detail; the JavaScript SDK keeps a list of them, one per request. */
function detail(value: Json | undefined, field: string): number | null {
  if (isJsonObject(value)) return count(value[field]);
  if (!Array.isArray(value)) return null;
  const counts = (value as readonly (Json | JsonObject)[]).flatMap((each) =>
    isJsonObject(each) ? (count(each[field]) ?? []) : [],
  );
  return counts.length === 0 ? null : counts.reduce((sum, each) => sum + each, 0);
}

function count(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}
