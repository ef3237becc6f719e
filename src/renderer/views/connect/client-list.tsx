import type { TraceRow } from '#shared/trace.ts';
import { isFrom, type ConnectClient } from './client.ts';
import { findClients } from './clients.ts';
import styles from './connect-view.module.css';

type Props = {
  readonly search: string;
  readonly chosen: string;
  readonly arrivals: readonly TraceRow[];
  readonly onSearch: (text: string) => void;
  readonly onChoose: (client: ConnectClient) => void;
};

export function ClientList({ search, chosen, arrivals, onSearch, onChoose }: Props) {
  const found = findClients(search);
  return (
    <div className={styles.side}>
      <input
        type="search"
        className={styles.search}
        placeholder="Find a client or a language"
        aria-label="Find a client"
        value={search}
        onChange={(event) => onSearch(event.target.value)}
        onKeyDown={(event) => {
          const first = found[0];
          if (event.key === 'Enter' && first) onChoose(first);
        }}
      />
      <div className={styles.choices} role="radiogroup" aria-label="Client">
        {found.map((client) => (
          <label key={client.id} className={`${styles.choice} ${client.id === chosen ? styles.chosen : ''}`}>
            <input
              type="radio"
              className="visually-hidden"
              name="client"
              checked={client.id === chosen}
              onChange={() => onChoose(client)}
            />
            <strong>
              {client.title}
              {arrivals.some((row) => isFrom(client, row)) && (
                <span className={styles.arrivedDot} role="img" aria-label="arrives" />
              )}
            </strong>
            <span>{client.languages.join(', ')}</span>
          </label>
        ))}
        {found.length === 0 && (
          <p className={styles.none}>
            No client of that name. Anything that speaks OpenTelemetry can be connected as such.
          </p>
        )}
      </div>
    </div>
  );
}
