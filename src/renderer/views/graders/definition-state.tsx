/** What is said of a definition as it is being written. */
import type { GraderProblem } from '#shared/grader.ts';
import type { JsonObject } from '#shared/json.ts';
import type { JsonRemark } from '#shared/json-text.ts';
import { EmptyState } from '../../widgets/states.tsx';
import styles from './graders.module.css';

export function UnknownKind({ shown }: { readonly shown: JsonObject }) {
  const { type } = shown;
  return (
    <EmptyState title={typeof type === 'string' ? `There is no kind “${type.slice(0, 60)}”` : 'No kind is named'}>
      Say one in “type” of the JSON; the form then follows.
    </EmptyState>
  );
}

/** Under the JSON: whether it can be used, and the first thing that keeps it from that. */
export function JsonState({
  broken,
  problems,
  remarks,
}: {
  readonly broken: JsonRemark | null;
  readonly problems: readonly GraderProblem[];
  readonly remarks: readonly JsonRemark[];
}) {
  const error = problems.find(({ severity }) => severity === 'error');
  const first = error ?? problems[0];
  const [remark] = remarks;
  const count = problems.length + remarks.length;
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  return (
    <p className={styles.state} role="status" data-tone={broken || error ? 'error' : count > 0 ? 'warning' : 'ok'}>
      {broken
        ? `Line ${broken.line}: ${broken.message}`
        : first
          ? `${first.path === '' ? '' : `${first.path.slice(0, 80)}: `}${first.message.slice(0, 300)}${more}`
          : remark
            ? `Line ${remark.line}: ${remark.message}${more}`
            : 'Nothing is wrong with it.'}
    </p>
  );
}
