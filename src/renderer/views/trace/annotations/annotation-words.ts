/** Annotations in words: what is said, about what, by whom. */
import type { AnnotationRow } from '#shared/annotation.ts';
import { visibleString } from '../../../widgets/visible-text.ts';

/** "Root cause: Tool misuse", "Score 0.5", "Note". */
export function annotationTitle(row: AnnotationRow): string {
  const parts = [
    row.category === null ? null : visibleString(row.category.slice(0, 120)),
    row.severity === null ? null : visibleString(row.severity.slice(0, 40)),
    row.score === null ? null : `score ${row.score}`,
    row.passed === null ? null : row.passed ? 'passed' : 'failed',
  ].filter((part) => part !== null);
  const said = parts.join(', ');
  if (row.isRootCause) return said === '' ? 'Root cause' : `Root cause: ${said}`;
  if (said !== '') return said;
  return row.kind === 'correction' ? 'Correction' : row.kind === 'preference' ? 'Preference' : 'Note';
}

/** Where it comes from: "Who&When labels", a person, or nothing that is known. */
export function annotationSource(row: AnnotationRow): string {
  const parts = [row.editor ?? row.author, row.taxonomy, row.imported ? 'imported' : null];
  return parts
    .filter((part) => part !== null && part !== '')
    .map((part) => visibleString((part ?? '').slice(0, 60)))
    .join(' · ');
}
