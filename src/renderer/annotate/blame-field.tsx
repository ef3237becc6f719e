/** Who is to blame, and which span decided it: they need not be of the same agent, and both are kept. */
import { useState } from 'react';
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

/** Values: names of agents may be anything, also ''. */
const NOBODY = '-';
const ANOTHER = '+';
const MAX_NAME = 200;

type SelectProps = {
  readonly agents: readonly string[];
  readonly value: string | null;
  readonly none: string;
  readonly onChange: (agent: string | null) => void;
};

/** An agent of the trace, or another by its name: who never acted is what an absence is mostly about. */
export function AgentSelect({ agents, value, none, onChange }: SelectProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const names = typed !== null || value === null || agents.includes(value) ? agents : [value, ...agents];
  const at = value === null ? -1 : names.indexOf(value);
  function choose(chosen: string): void {
    setTyped(chosen === ANOTHER ? '' : null);
    onChange(chosen === NOBODY || chosen === ANOTHER ? null : (names[Number(chosen)] ?? null));
  }
  return (
    <span className={styles.agent}>
      <select
        className={styles.select}
        value={typed !== null ? ANOTHER : at < 0 ? NOBODY : at}
        onChange={(event) => choose(event.target.value)}
      >
        <option value={NOBODY}>{none}</option>
        {names.slice(0, 500).map((name, index) => (
          <option key={name} value={index}>
            {name === '' ? 'no agent' : visibleString(name.slice(0, 120))}
          </option>
        ))}
        <option value={ANOTHER}>another agent…</option>
      </select>
      {typed !== null && (
        <input
          // Chosen to be written in.
          autoFocus
          className={styles.input}
          type="text"
          aria-label="Name of the agent"
          placeholder="Name of the agent"
          maxLength={MAX_NAME}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            onChange(event.target.value.trim() || null);
          }}
        />
      )}
    </span>
  );
}
