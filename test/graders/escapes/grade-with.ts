/** Grades with a grader of code as the app does, with short limits. */
import type { Grade, GraderDefinition } from '../../../src/shared/grader.ts';
import { gradeSubject } from '../../../src/main/graders/grade.ts';
import type { GradeServices } from '../../../src/main/graders/types.ts';

const SUBJECT = {
  item: { reference: 'Paris' },
  sample: { output_text: 'Paris.', output_tools: [], choices: [] },
  trace: { id: 't', spans: [{ id: 's' }], tool_calls: [] },
};

export function gradeWith(
  runCode: GradeServices['runCode'],
  type: 'javascript' | 'python',
  source: string,
  limits: { readonly timeout_s?: number; readonly memory_mb?: number } = {},
): Promise<Grade> {
  const definition = { type, name: 'one', source, timeout_s: 0.5, memory_mb: 32, ...limits } as GraderDefinition;
  const services = {
    runCode,
    now: () => performance.now(),
    judge: () => Promise.reject(new Error('no judge')),
    embed: () => Promise.reject(new Error('no embeddings')),
  };
  return gradeSubject(definition, SUBJECT as never, services, new AbortController().signal);
}
