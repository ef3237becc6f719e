/** Settings, Judge endpoints: the models that graders ask, and everything that was sent to them. */
import { useMemo, useState } from 'react';
import { Gavel, Plus } from 'lucide-react';
import type { EndpointDraft, EndpointTest, JudgeEndpoint } from '#shared/endpoint.ts';
import { ENDPOINT_PRESETS } from '#shared/endpoint.ts';
import { useRegisterCommands, type Command } from '../../../commands/registry.ts';
import { useEngine } from '../../../data/engine.ts';
import { Button } from '../../../widgets/button.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { EndpointDialog } from './endpoint-dialog.tsx';
import { EndpointRow } from './endpoint-row.tsx';
import { OutboundTable } from './outbound-table.tsx';
import { draftOf, removeEndpoint, saveEndpoint, testEndpoint } from './use-endpoints.ts';
import styles from './endpoints.module.css';

type Editing = { readonly draft: EndpointDraft; readonly endpoint: JudgeEndpoint | null };

/** What the last test of an endpoint said; `null` while it runs. */
type Tests = Readonly<Record<string, EndpointTest | null>>;

export function EndpointSection({ readOnly }: { readonly readOnly: boolean }) {
  const { data } = useEngine('endpoint.list', undefined);
  return data ? <Endpoints endpoints={data} readOnly={readOnly} /> : null;
}

function Endpoints({
  endpoints,
  readOnly,
}: {
  readonly endpoints: readonly JudgeEndpoint[];
  readonly readOnly: boolean;
}) {
  const [editing, setEditing] = useState<Editing | null>(null);
  const [confirming, setConfirming] = useState<JudgeEndpoint | null>(null);
  const [tests, setTests] = useState<Tests>({});

  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'endpoints.new',
        title: 'New judge endpoint…',
        group: 'Graders',
        when: () => !readOnly,
        run: () => setEditing(blank()),
      },
    ],
    [readOnly],
  );
  useRegisterCommands(commands);

  async function test(endpoint: JudgeEndpoint): Promise<void> {
    setTests((before) => ({ ...before, [endpoint.id]: null }));
    const said = await testEndpoint(endpoint);
    setTests((before) => ({ ...before, [endpoint.id]: said }));
  }

  async function save(draft: EndpointDraft, key: string | null): Promise<void> {
    const saved = await saveEndpoint(draft, { key });
    if (!saved) return;
    setEditing(null);
    if (!saved.confirmed) setConfirming(saved);
    else void test(saved);
  }

  return (
    <section className={styles.section} aria-label="Judge endpoints">
      <div className={styles.head}>
        <h2>Judge endpoints</h2>
        <Button icon={<Plus size={14} aria-hidden />} disabled={readOnly} onClick={() => setEditing(blank())}>
          New endpoint…
        </Button>
      </div>
      <p className={styles.explain}>
        Models that graders ask, on any server that speaks OpenAI’s chat completions. What a grader shows its judge goes
        there when you grade, and at no other time; to another computer only after you agreed to that once.
      </p>
      {endpoints.length === 0 ? (
        <div className={styles.empty}>
          <Gavel size={20} aria-hidden />
          <p>No endpoint. Graders that need no model work as they are.</p>
          <p className={styles.dim}>Ollama, LM Studio, llama.cpp and vLLM run on this computer.</p>
        </div>
      ) : (
        <ul className={styles.list}>
          {endpoints.map((endpoint) => (
            <EndpointRow
              key={endpoint.id}
              endpoint={endpoint}
              test={tests[endpoint.id]}
              readOnly={readOnly}
              onTest={() => void test(endpoint)}
              onEdit={() => setEditing({ draft: draftOf(endpoint), endpoint })}
              onConfirm={() => setConfirming(endpoint)}
              onChange={(change) => void saveEndpoint({ ...draftOf(endpoint), ...change })}
              onRemove={() => void removeEndpoint(endpoint)}
            />
          ))}
        </ul>
      )}
      <OutboundTable />
      {editing && (
        <EndpointDialog
          key={editing.endpoint?.id ?? 'new'}
          initial={editing.draft}
          endpoint={editing.endpoint}
          models={(editing.endpoint && tests[editing.endpoint.id]?.models) ?? []}
          onSave={save}
          onClose={() => setEditing(null)}
        />
      )}
      {confirming && (
        <ConfirmDialog
          endpoint={confirming}
          onClose={() => setConfirming(null)}
          onConfirm={() => {
            setConfirming(null);
            void saveEndpoint(draftOf(confirming), { confirm: true }).then((saved) => saved && test(saved));
          }}
        />
      )}
    </section>
  );
}

function blank(): Editing {
  const [first] = ENDPOINT_PRESETS;
  if (!first) throw new Error('there are presets');
  return { draft: first.draft, endpoint: null };
}
