/** Whether the arguments of a tool call fit the schema that was recorded for its tool; if not, which one and why. */
import { useState } from 'react';
import { CircleCheck, CircleHelp, TriangleAlert } from 'lucide-react';
import type { CallCheck, SchemaProblem } from '#shared/context.ts';
import { useSelection } from '../../../state/selection.ts';
import { JsonTree } from '../../../widgets/json-tree.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import styles from './verdict.module.css';

export function CallVerdict({ check }: { readonly check: CallCheck }) {
  const [open, setOpen] = useState(false);
  const selected = useSelection((state) => state.spanId);
  const selectSpan = useSelection((state) => state.selectSpan);
  const { verdict, problems, unchecked, schema, definedBy } = check;
  const Icon = verdict === 'valid' ? CircleCheck : verdict === 'no_schema' ? CircleHelp : TriangleAlert;
  return (
    <div className={styles.verdict} data-verdict={verdict} role="group" aria-label="Arguments against their schema">
      <div className={styles.head}>
        <Icon size={13} aria-hidden />
        <span>{WORDS[verdict]}</span>
        {schema !== null && (
          <button type="button" className={styles.link} aria-expanded={open} onClick={() => setOpen(!open)}>
            Schema
          </button>
        )}
        {definedBy !== null && definedBy !== selected && (
          <button type="button" className={styles.link} onClick={() => selectSpan(definedBy)}>
            Where it was offered
          </button>
        )}
      </div>
      {problems.length > 0 && (
        <ul className={styles.problems}>
          {problems.map((problem, index) => (
            <li key={index}>
              <Place problem={problem} /> {visibleString(problem.message)}
            </li>
          ))}
        </ul>
      )}
      {unchecked.length > 0 && (
        <p className={styles.quiet}>Not checked: {unchecked.map((each) => visibleString(each)).join('; ')}</p>
      )}
      {open && schema !== null && <JsonTree value={schema} openDepth={3} label="Schema of the tool" />}
    </div>
  );
}

const WORDS: Readonly<Record<CallCheck['verdict'], string>> = {
  valid: 'The arguments fit the recorded schema.',
  invalid: 'The arguments do not fit the recorded schema:',
  no_schema: 'No schema recorded for this tool.',
  not_offered: 'This tool is not among those that the source says the model was offered.',
};

function Place({ problem: { path } }: { readonly problem: SchemaProblem }) {
  if (path.length === 0) return <span>The arguments</span>;
  const text = path
    .slice(0, 20)
    .map((each, index) => (typeof each === 'number' ? `[${each}]` : `${index === 0 ? '' : '.'}${each.slice(0, 80)}`))
    .join('');
  return <code className={styles.place}>{visibleString(text)}</code>;
}
