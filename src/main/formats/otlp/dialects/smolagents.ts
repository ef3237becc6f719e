/**
 * smolagents, seen through OpenInference: `{agent}.run` around `Step N` around a model call and tools. The declared
 * hierarchy (`smolagents.managed_agents.…`) stays in the attributes.
 */
import { argumentsIn } from './json-map.ts';
import { KIND, readToolValue } from './readers.ts';
import type { Dialect } from './types.ts';

export const smolagents: Dialect = {
  id: 'smolagents',
  scopes: [/^openinference\.instrumentation\.smolagents$/, /^smolagents(?:\.|$)/],
  tells: ['smolagents.task', 'smolagents.max_steps', 'smolagents.tools_names'],
  names: [{ field: 'kind', rank: 35, bare: true, read: (name) => (/^Step \d{1,9}$/.test(name) ? KIND.step : null) }],
  content: [
    {
      field: 'input',
      // Before `tool.parameters`, which is a schema here though it does not look like one.
      rank: 6,
      key: 'input.value',
      bare: true,
      when: ['tool', 'handoff'],
      read: (value) => readToolValue(argumentsIn(value) ?? value),
    },
  ],
};
