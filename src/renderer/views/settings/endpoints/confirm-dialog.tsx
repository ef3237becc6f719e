import type { JudgeEndpoint } from '#shared/endpoint.ts';
import { Button } from '../../../widgets/button.tsx';
import { Dialog } from '../../../widgets/dialog.tsx';
import { hostOf } from './wording.ts';
import styles from './endpoints.module.css';

type Props = {
  readonly endpoint: JudgeEndpoint;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
};

/** Asked once for each host: until then, not a byte goes there. */
export function ConfirmDialog({ endpoint, onConfirm, onClose }: Props) {
  const host = hostOf(endpoint);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Send traces to ${host}?`}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button variant="primary" onClick={onConfirm}>
            Allow {host}
          </Button>
        </>
      }
    >
      <div className={styles.confirm}>
        <p>
          <strong>{host}</strong> is not this computer. When you grade with a judge or an embedding of “{endpoint.label}
          ”, what the grader shows it is sent there: prompts, answers, arguments and results of tools, and whatever else
          is in those traces.
        </p>
        {endpoint.apiKeyEnv !== null && (
          <p>
            The value of the environment variable <code>{endpoint.apiKeyEnv}</code> is sent there as the key.
          </p>
        )}
        {endpoint.baseUrl.startsWith('http:') && (
          <p className={styles.warning}>
            The address begins with http: others on the way can read the key and the traces.
          </p>
        )}
        <p className={styles.dim}>
          You are asked once for this host on this computer. Settings lists each request that was sent.
        </p>
      </div>
    </Dialog>
  );
}
