import { sessionOfAddress } from '#shared/session.ts';
import { useEngine } from '../data/engine.ts';
import { go, usePlace } from '../state/place.ts';
import { formatCompact } from '../widgets/format.ts';
import { Tooltip } from '../widgets/tooltip.tsx';
import { views } from '../views/registry.ts';
import styles from './navigation.module.css';

export function Navigation() {
  const { view: current, traceId } = usePlace();
  const waiting = useEngine('queue.list', undefined).data?.reduce((sum, { counts }) => sum + counts.todo, 0) ?? 0;
  const home = traceId !== null && sessionOfAddress(traceId) !== null ? 'sessions' : 'traces';
  return (
    <nav className={styles.nav} aria-label="Views">
      {views.map(({ id, title, icon: Icon, keys }) => {
        const here = current === id || (id === home && current === 'trace');
        return (
          <Tooltip key={id} content={title} keys={keys} side="right">
            <button
              type="button"
              className={`${styles.item} ${here ? styles.here : ''}`}
              aria-current={here ? 'page' : undefined}
              onClick={() => go({ view: id })}
            >
              <Icon size={16} strokeWidth={1.75} aria-hidden />
              <span className={styles.title}>{title}</span>
              {id === 'review' && waiting > 0 && (
                <span className={styles.badge}>
                  {formatCompact(waiting)} <span className="visually-hidden">to review</span>
                </span>
              )}
            </button>
          </Tooltip>
        );
      })}
    </nav>
  );
}
