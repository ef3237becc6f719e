/** What graders do with an open trace. */
import { sessionOfAddress } from '#shared/session.ts';
import type { Command } from '../../../commands/registry.ts';
import { askGraderFrom } from '../../../state/grader-from-trace.ts';
import { askGrading } from '../../../state/gradings.ts';
import { useSelection } from '../../../state/selection.ts';

export const GRADE_KEY = 'j';

export const gradeCommands: readonly Command[] = [
  {
    id: 'trace.grade',
    title: 'Grade this trace…',
    group: 'Graders',
    keys: GRADE_KEY,
    menu: 'Edit',
    when: isTrace,
    run() {
      const { traceId } = useSelection.getState();
      if (traceId !== null) askGrading([traceId], '');
    },
  },
  {
    id: 'trace.grader',
    title: 'Create a grader from this trace…',
    group: 'Graders',
    keys: 'shift+j',
    menu: 'Edit',
    when: isTrace,
    run() {
      const { traceId } = useSelection.getState();
      if (traceId !== null) askGraderFrom(traceId, null);
    },
  },
  {
    id: 'trace.grader.span',
    title: 'Create a grader from the selected span…',
    group: 'Graders',
    when: () => isTrace() && useSelection.getState().spanId !== null,
    run() {
      const { traceId, spanId } = useSelection.getState();
      if (traceId !== null && spanId !== null) askGraderFrom(traceId, spanId);
    },
  },
];

function isTrace(): boolean {
  const { traceId } = useSelection.getState();
  return traceId !== null && sessionOfAddress(traceId) === null;
}
