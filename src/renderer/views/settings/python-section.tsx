/** Where Python graders run: in the sandbox, unless the user has chosen a Python of their own on this machine. */
import { useEffect, useState } from 'react';
import { bridge } from '../../data/bridge.ts';
import { Button } from '../../widgets/button.tsx';
import styles from './settings-view.module.css';

export function PythonSection() {
  const [path, setPath] = useState<string | null>(null);
  useEffect(() => {
    let left = false;
    void bridge.ownPython().then((known) => {
      if (!left) setPath(known);
    });
    return () => {
      left = true;
    };
  }, []);

  async function choose(): Promise<void> {
    const chosen = await bridge.chooseOwnPython();
    if (chosen !== null) setPath(chosen);
  }

  async function forget(): Promise<void> {
    await bridge.forgetOwnPython();
    setPath(null);
  }

  return (
    <section className={styles.section}>
      <div>
        <h2>Python graders</h2>
        <p className={styles.detail}>
          The sandbox has Python with its standard library and rapidfuzz, and no files and no network. A Python of your
          own has your packages, numpy say, and all your rights.
        </p>
      </div>
      <div className={styles.content}>
        {path === null ? (
          <p>They run in the sandbox.</p>
        ) : (
          <>
            <p className={styles.notice}>They run outside of the sandbox, with all your rights, in:</p>
            <p className={styles.path}>
              <code className="selectable">{path}</code>
            </p>
          </>
        )}
        <div className={styles.buttons}>
          <Button onClick={() => void choose()}>Use a Python of your own…</Button>
          {path !== null && <Button onClick={() => void forget()}>Back to the sandbox</Button>}
        </div>
      </div>
    </section>
  );
}
