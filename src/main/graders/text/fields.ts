/** What the kinds that compare texts share: their fields. */
import type { GraderDefinition } from '#shared/grader.ts';
import type { JsonObject } from '#shared/json.ts';

export const TEMPLATE_HELP = 'Paths in {{ … }} are filled in: item, sample, trace, and span in the scope of spans.';

/** The schema of a definition: `type` and `name` first, then these fields. Fields that it does not name are kept. */
export function graderSchema(type: string, required: readonly string[], properties: JsonObject): JsonObject {
  return {
    type: 'object',
    required: ['type', 'name', ...required],
    properties: {
      type: { const: type, title: 'Kind' },
      name: { type: 'string', title: 'Name', minLength: 1 },
      ...properties,
    },
  };
}

export const PASS_THRESHOLD = {
  type: ['number', 'null'],
  title: 'Passes from',
  description: 'The score from which it passes, this one included. Without one: 0.5.',
} as const;

export function fieldText(definition: GraderDefinition, field: string): string {
  const value = definition[field];
  return typeof value === 'string' ? value : '';
}
