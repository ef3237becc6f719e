/** Who may be to blame: agents by how much the rules point to them, where there is a choice between several. */
import type { Suspect } from '#shared/detect.ts';
import { AgentChip } from '../../../widgets/chip.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { visibleString } from '../../../widgets/visible-text.ts';
import styles from './faults.module.css';

const SHOWN = 4;
const REASONS = 2;

type Props = { readonly suspects: readonly Suspect[]; readonly onGo: (spanId: string) => void };

export function SuspectList({ suspects, onGo }: Props) {
  if (suspects.length < 2 || !suspects.some(({ findings }) => findings > 0)) return null;
  return (
    <section className={styles.suspects} aria-label="Blame hints">
      <h3 className={styles.subtitle}>Blame hints</h3>
      <ol className={styles.list}>
        {suspects.slice(0, SHOWN).map(({ agent, spanId, findings, reasons }) => (
          <li key={agent} className={styles.suspect}>
            <button type="button" className={styles.finding} onClick={() => onGo(spanId)}>
              <span className={styles.text}>
                <span className={styles.who}>
                  <AgentChip name={agent} />
                  <span className={styles.kind}>
                    {findings === 0
                      ? 'no finding'
                      : `${formatCount(findings)} ${findings === 1 ? 'finding' : 'findings'}`}
                  </span>
                </span>
                {reasons.slice(0, REASONS).map((reason, k) => (
                  <span key={k} className={styles.why}>
                    {visibleString(reason.slice(0, 200))}
                  </span>
                ))}
              </span>
            </button>
          </li>
        ))}
      </ol>
      <p className={styles.note}>
        In order of suspicion, from the weight of each rule and the share of the work. Rules see the form of a run, not
        its sense: on labelled logs the first hint is often wrong. Look before you blame.
      </p>
    </section>
  );
}
