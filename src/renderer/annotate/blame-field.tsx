/** Who is to blame, and which span decided it: they need not be of the same agent, and both are kept. */
import { visibleString } from '../widgets/visible-text.ts';
import type { NearSpan } from './annotation-form.tsx';
import type { FormValue } from './form-value.ts';
import { KeyButton } from './key-button.tsx';
import styles from './annotation-form.module.css';

type Props = {
  readonly value: FormValue;
  readonly change: (next: Partial<FormValue>) => void;
  readonly agents: readonly string[];
  readonly near: NearSpan | null;
  readonly spanName: (id: string) => string | null;
};

export function BlameField({ value, change, agents, near, spanName }: Props) {
  const decisive = value.place.kind === 'span' ? value.place.spanId : null;
  const isNear = near !== null && decisive === near.id;
  return (
    <div className={styles.block}>
      <label className={styles.line}>
        <span className={styles.caption}>Agent to blame</span>
        <AgentSelect agents={agents} value={value.agent} none="none" onChange={(agent) => change({ agent })} />
      </label>
      <div className={styles.kinds}>
        {near && near.agent !== '' && (
          <KeyButton keys="1" pressed={value.agent === near.agent} onClick={() => change({ agent: near.agent })}>
            {visibleString(near.agent.slice(0, 60))}
          </KeyButton>
        )}
        {near && (
          <KeyButton
            keys="d"
            pressed={isNear}
            onClick={() => change({ place: isNear ? { kind: 'trace' } : { kind: 'span', spanId: near.id } })}
          >
            Selected span decides
          </KeyButton>
        )}
      </div>
      <p className={styles.nothing}>
        {decisive === null
          ? 'No decisive span: select one in the tree.'
          : `Decisive: ${visibleString((spanName(decisive) ?? 'a span that is not here').slice(0, 100)) || 'a span without a name'}`}
        {isNear && value.agent !== null && near.agent !== '' && near.agent !== value.agent
          ? `, done by ${visibleString(near.agent.slice(0, 60))}, not by the blamed agent. Both are kept.`
          : ''}
      </p>
    </div>
  );
}

/** A value: names of agents may be anything, also ''. */
const NOBODY = '-';

type SelectProps = {
  readonly agents: readonly string[];
  readonly value: string | null;
  readonly none: string;
  readonly onChange: (agent: string | null) => void;
};

export function AgentSelect({ agents, value, none, onChange }: SelectProps) {
  const names = value === null || agents.includes(value) ? agents : [value, ...agents];
  const at = value === null ? -1 : names.indexOf(value);
  return (
    <select
      className={styles.select}
      value={at < 0 ? NOBODY : at}
      onChange={(event) => onChange(event.target.value === NOBODY ? null : (names[Number(event.target.value)] ?? null))}
    >
      <option value={NOBODY}>{none}</option>
      {names.slice(0, 500).map((name, index) => (
        <option key={name} value={index}>
          {name === '' ? 'no agent' : visibleString(name.slice(0, 120))}
        </option>
      ))}
    </select>
  );
}
