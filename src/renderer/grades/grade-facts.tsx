/** All that one verdict says: why, on what it rests, what went wrong, its parts, and how it was measured. */
import { ArrowRight } from 'lucide-react';
import type { Grade, GradeEvidence } from '#shared/grader.ts';
import { formatCost, formatCount } from '../widgets/format.ts';
import { JsonTree } from '../widgets/json-tree.tsx';
import { visibleString } from '../widgets/visible-text.ts';
import { scoreText } from './words.ts';
import styles from './grades.module.css';

const MOST = 50;
const SEE = 'where it looked';

type Props = {
  readonly grade: Grade;
  /** Goes to the place in the trace. */
  readonly onEvidence: (evidence: GradeEvidence) => void;
};

export function GradeFacts({ grade, onEvidence }: Props) {
  const parts = Object.entries(grade.subRewards);
  return (
    <div className={styles.facts}>
      {grade.errors.length > 0 ? (
        <ul className={styles.errors}>
          {grade.errors.slice(0, MOST).map(({ flag, message }, index) => (
            <li key={index}>
              <span className="selectable">{visibleString(message.slice(0, 2_000))}</span>{' '}
              <code className={styles.flag}>{flag}</code>
            </li>
          ))}
        </ul>
      ) : (
        grade.explanation !== '' && (
          <p className={`${styles.why} selectable`}>{visibleString(grade.explanation.slice(0, 4_000))}</p>
        )
      )}
      {grade.evidence.length > 0 && (
        <EvidenceList
          // What stands above is not said twice.
          evidence={grade.evidence.map((each) =>
            each.note !== null && each.note === grade.explanation ? { ...each, note: SEE } : each,
          )}
          onEvidence={(evidence) =>
            onEvidence(evidence.note === SEE ? { ...evidence, note: grade.explanation } : evidence)
          }
        />
      )}
      {parts.length > 0 && (
        <table className={styles.parts}>
          <caption>Parts</caption>
          <tbody>
            {parts.slice(0, MOST).map(([name, score]) => (
              <tr key={name}>
                <th scope="row">{visibleString(name.slice(0, 200))}</th>
                <td>{score === null ? 'errored' : scoreText(score)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {parts.length > MOST && <p className={styles.quiet}>and {formatCount(parts.length - MOST)} more parts</p>}
      {grade.usage.map((use, index) => (
        <p key={index} className={styles.quiet}>
          {visibleString(use.model.slice(0, 100))}: {formatCount(use.calls)} {use.calls === 1 ? 'call' : 'calls'},{' '}
          {formatCount(use.promptTokens)} + {formatCount(use.completionTokens)} tokens, {formatCost(use.cost)}
          {use.cached && ' (from the cache)'}
        </p>
      ))}
      {Object.keys(grade.notes).length > 0 && (
        <details className={styles.notes}>
          <summary>How it was measured</summary>
          <JsonTree value={grade.notes} label="How it was measured" />
        </details>
      )}
    </div>
  );
}

export function EvidenceList({
  evidence,
  onEvidence,
  most = MOST,
}: {
  readonly evidence: readonly GradeEvidence[];
  readonly onEvidence: (evidence: GradeEvidence) => void;
  readonly most?: number;
}) {
  return (
    <ul className={styles.evidence} aria-label="Evidence">
      {evidence.slice(0, most).map((each, index) => (
        <li key={index}>
          <button type="button" className={styles.link} onClick={() => onEvidence(each)}>
            <ArrowRight size={12} aria-hidden />
            <span className={styles.linkText}>{evidenceText(each)}</span>
          </button>
        </li>
      ))}
      {evidence.length > most && <li className={styles.quiet}>and {formatCount(evidence.length - most)} more</li>}
    </ul>
  );
}

export function evidenceText({ spanId, quote, note }: GradeEvidence): string {
  const said = [note, quote === null ? null : `“${quote.slice(0, 160)}${quote.length > 160 ? '…' : ''}”`];
  const text = said.filter((part) => part !== null && part !== '').join(': ');
  return visibleString((text === '' ? (spanId === null ? 'the answer' : `span ${spanId}`) : text).slice(0, 400));
}
