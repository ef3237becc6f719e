/** Under which name annotations made here are kept. */
import { useId, useState, type FormEvent } from 'react';
import { attempt } from '#shared/rpc/client.ts';
import { askAnew, assumeAnswer, engine, useEngine } from '../../data/engine.ts';
import { notify, notifyError } from '../../state/notices.ts';
import { Button } from '../../widgets/button.tsx';
import styles from './settings-view.module.css';

export function ReviewerSection({ readOnly }: { readonly readOnly: boolean }) {
  const { data } = useEngine('annotation.reviewer', undefined);
  return (
    <section className={styles.section}>
      <div>
        <h2>Review</h2>
        <p className={styles.detail}>
          Annotations that you make are kept under this name, also in files that you share.
        </p>
      </div>
      <div className={styles.content}>
        {data && <Name key={data.name} name={data.name} chosen={data.chosen} readOnly={readOnly} />}
      </div>
    </section>
  );
}

type NameProps = { readonly name: string; readonly chosen: boolean; readonly readOnly: boolean };

function Name({ name, chosen, readOnly }: NameProps) {
  const [typed, setTyped] = useState(name);
  const id = useId();
  const wanted = typed.trim();
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    // An empty name goes back to that of the system's user.
    const result = await attempt(
      engine.call('settings.set', { key: 'reviewer', value: wanted === '' ? null : wanted }),
    );
    if (!result.ok) {
      notifyError('The name was not saved', result.error);
      return;
    }
    // Also for who leaves this view before the engine has told of the change.
    if (wanted !== '') assumeAnswer('annotation.reviewer', undefined, { name: wanted, chosen: true });
    // Queues say whose labels the keys change: those of the one before must stay as they are.
    askAnew('queue.get');
    notify({ tone: 'ok', title: 'Your name in annotations is saved' });
  }
  return (
    <form className={styles.reviewer} onSubmit={(event) => void save(event)}>
      <label htmlFor={id}>Your name</label>
      <input
        id={id}
        type="text"
        value={typed}
        maxLength={200}
        disabled={readOnly}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button type="submit" disabled={readOnly || wanted === name}>
        Save
      </Button>
      {!chosen && <p className={styles.detail}>This is the name of the user of this computer.</p>}
    </form>
  );
}
