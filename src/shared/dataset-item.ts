/** What templates see of an example, and under which names files usually keep its parts. */
import type { DatasetExample } from './dataset.ts';
import type { Json, JsonObject } from './json.ts';

/** The first that an item has counts. */
export const INPUT_FIELDS = [
  'input',
  'question',
  'prompt',
  'query',
  'instruction',
  'inputs',
  'user_input',
  'messages',
  'problem',
  'text',
] as const;
export const EXPECTED_FIELDS = [
  'expected_output',
  'expectedOutput',
  'expected',
  'reference',
  'reference_answer',
  'ground_truth',
  'groundTruth',
  'ideal',
  'target',
  'correct_answer',
  'answer',
  'answers',
  'reference_outputs',
  'output',
  'outputs',
] as const;
export const TRAJECTORY_FIELDS = [
  'expected_trajectory',
  'expectedTrajectory',
  'expected_tool_calls',
  'expected_tool_use',
  'expected_tools',
  'expected_actions',
  'reference_trajectory',
  'reference_tool_calls',
] as const;

/** Which of the names the item has with a value; null = none. */
export function fieldNamed<T extends string>(item: JsonObject, names: readonly T[]): T | null {
  return names.find((name) => Object.hasOwn(item, name) && !isNothing(item[name])) ?? null;
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}

/**
 * The example as templates see it: its own fields, and `input`, `expected_output` and `expected_trajectory` where it has
 * none of these names.
 */
export function exampleItem(
  example: Pick<DatasetExample, 'item' | 'input' | 'expectedOutput' | 'expectedTrajectory'>,
): JsonObject {
  const { item, input, expectedOutput, expectedTrajectory } = example;
  return {
    ...(input === null ? {} : { input }),
    ...(expectedOutput === null ? {} : { expected_output: expectedOutput }),
    ...(expectedTrajectory === null
      ? {}
      : {
          expected_trajectory: expectedTrajectory.map(({ name, arguments: args, agent }) => ({
            name,
            arguments: args,
            ...(agent === undefined ? {} : { agent }),
          })),
        }),
    ...item,
  };
}
