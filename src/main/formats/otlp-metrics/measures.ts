/** Which metrics count tokens or money, and what each of their points counts. */
import type { Measure } from '#shared/record.ts';
import { textOf } from '../fields.ts';
import type { OtlpPoint } from './metric.ts';

/** How clients call the kinds of tokens, in the attribute that tells them apart. */
const WORDS: ReadonlyMap<string, Measure> = new Map<string, Measure>([
  ['input', 'input'],
  ['prompt', 'input'],
  ['output', 'output'],
  ['completion', 'output'],
  ['cacheread', 'cache_read'],
  ['cache_read', 'cache_read'],
  ['cached_input', 'cache_read'],
  ['cache', 'cache_read'],
  ['cached', 'cache_read'],
  ['cachecreation', 'cache_write'],
  ['cache_creation', 'cache_write'],
  ['cache_write', 'cache_write'],
  ['cache_write_input', 'cache_write'],
  ['reasoning', 'reasoning'],
  ['reasoning_output', 'reasoning'],
  ['thought', 'reasoning'],
  ['thoughts', 'reasoning'],
  ['tool', 'tool'],
  ['total', 'total'],
]);

const TYPE_KEYS = ['gen_ai.token.type', 'token_type', 'token.type', 'type'];
const TOKEN_NAME = /(?:^|[._])token(?:s|_usage|s_usage)?(?:[._](?:usage|count|total|used))?$/;
const COST_NAME = /(?:^|[._])cost(?:[._](?:usage|total|usd))?$/;
const TOKEN_UNITS = new Set(['token', 'tokens', '{token}', '{tokens}']);

/** Null for a metric that counts neither. */
export function measureOf({ metric, unit, attributes }: OtlpPoint): Measure | null {
  if (unit.toLowerCase() === 'usd' || COST_NAME.test(metric)) return 'cost';
  if (!TOKEN_UNITS.has(unit.toLowerCase()) && !TOKEN_NAME.test(metric)) return null;
  for (const key of TYPE_KEYS) {
    const word = textOf(attributes[key]);
    if (word !== null) return WORDS.get(word.toLowerCase()) ?? 'other';
  }
  return 'total';
}
