/** Where in the JSON text the problems of a definition are. */
import type { GraderProblem } from '#shared/grader.ts';
import { lineAt, placeOf } from '#shared/json-text.ts';
import type { DraftReading } from '../../../state/grader-drafts.ts';
import type { LineMark } from '../form/code-field.tsx';

export function marksOf(
  text: string,
  json: DraftReading['json'],
  problems: readonly GraderProblem[],
): readonly LineMark[] {
  if (!json.ok) return [{ line: json.line, severity: 'error', message: json.message }];
  return [
    ...problems.map(({ path, message, severity }) => ({
      line: lineAt(text, placeOf(json.places, path)?.from ?? 0),
      message,
      severity,
    })),
    ...json.remarks.map(({ line, message }) => ({ line, message, severity: 'warning' as const })),
  ];
}
