import { useEffect } from 'react';
import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import type { Notice } from '../state/notices.ts';
import { dismiss, useNotices } from '../state/notices.ts';
import { Button, IconButton } from '../widgets/button.tsx';
import styles from './notice-list.module.css';

const SHOWN_MS = 6_000;
const ICONS = { ok: CircleCheck, error: CircleAlert, info: Info } as const;

export function NoticeList() {
  const notices = useNotices((state) => state.notices);
  return (
    <div className={styles.list} role="region" aria-label="Notices" aria-live="polite">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const Icon = ICONS[notice.tone];
  // An error stays until it was read.
  useEffect(() => {
    if (notice.tone === 'error') return;
    const timer = setTimeout(() => dismiss(notice.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);

  return (
    <div className={styles.card} role={notice.tone === 'error' ? 'alert' : 'status'}>
      <Icon size={15} className={styles[notice.tone]} aria-hidden />
      <div className={`${styles.text} selectable`}>
        <p className={styles.title}>{notice.title}</p>
        {notice.detail !== undefined && <p className={styles.detail}>{notice.detail}</p>}
      </div>
      {notice.action && (
        <Button
          onClick={() => {
            notice.action?.run();
            dismiss(notice.id);
          }}
        >
          {notice.action.label}
        </Button>
      )}
      <IconButton label="Dismiss" icon={<X size={14} aria-hidden />} onClick={() => dismiss(notice.id)} />
    </div>
  );
}
