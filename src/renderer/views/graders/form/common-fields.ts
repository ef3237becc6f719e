/** Fields that every kind of grader takes, where its own schema does not name them. */
import { AGGREGATES, DIRECTIONS, GRADER_SCOPES } from '#shared/grader.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '#shared/record.ts';
import { fieldsOf } from './controls.ts';

export const COMMON_FIELDS = fieldsOf({
  properties: {
    direction: {
      title: 'Direction',
      description:
        'Whether a high or a low score is good. Without one: maximise. Neutral graders neither pass nor fail.',
      enum: DIRECTIONS,
    },
    pass_threshold: {
      type: 'number',
      title: 'Passes from',
      description: 'The score from which it passes, this one included; with minimise, up to which. Without one: 0.5.',
    },
    scope: {
      type: 'object',
      title: 'Scope',
      description: 'What is judged. Without one: the trace as a whole.',
      required: ['on'],
      properties: {
        on: { title: 'Judges', enum: GRADER_SCOPES },
        filter: {
          type: 'object',
          title: 'Only spans',
          description: 'All that are given must fit.',
          properties: {
            kind: { title: 'Of the kind', enum: SPAN_KINDS },
            agent: { type: 'string', title: 'Of the agent', format: 'line' },
            tool: { type: 'string', title: 'Of the tool', format: 'line' },
            name: { type: 'string', title: 'Whose name holds', format: 'line' },
            status: { title: 'With the status', enum: SPAN_STATUSES },
          },
        },
        aggregate: {
          title: 'Of several parts',
          description: 'How the verdicts of the parts become one. Without one: all must pass.',
          enum: AGGREGATES,
        },
      },
    },
  },
});
