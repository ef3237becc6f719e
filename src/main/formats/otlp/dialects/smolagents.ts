/**
 * smolagents, seen through OpenInference: `{agent}.run` around `Step N` around a model call and tools. The declared
 * hierarchy (`smolagents.managed_agents.…`) stays in the attributes. Read in the source, not captured.
 */
import { KIND } from './readers.ts';
import type { Dialect } from './types.ts';

export const smolagents: Dialect = {
  id: 'smolagents',
  scopes: [/^openinference\.instrumentation\.smolagents$/, /^smolagents(?:\.|$)/],
  tells: ['smolagents.task', 'smolagents.max_steps', 'smolagents.tools_names'],
  names: [{ field: 'kind', rank: 35, bare: true, read: (name) => (/^Step \d{1,9}$/.test(name) ? KIND.step : null) }],
};
