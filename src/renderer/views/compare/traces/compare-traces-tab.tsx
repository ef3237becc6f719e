/** Two traces step by step; one against expected tool calls; or many against one. Which, is in the place. */
import { useMemo, useState } from 'react';
import { GitCompareArrows } from 'lucide-react';
import type { AppError } from '#shared/result.ts';
import { useEngine } from '../../../data/engine.ts';
import { currentPlace, replacePlace, usePlace } from '../../../state/place.ts';
import { Button } from '../../../widgets/button.tsx';
import { EmptyState, Spinner } from '../../../widgets/states.tsx';
import { TracePicker } from '../../../widgets/trace-picker.tsx';
import { AlignedView } from './aligned-view.tsx';
import { ExpectedPicker } from './expected-picker.tsx';
import { exampleOfAddress, sideOfExpected, sideOfTrace } from './model/sides.ts';
import { StarTable } from './star-table.tsx';

type Asking = 'a' | 'b' | 'expected' | null;

export function CompareTracesTab() {
  const { of } = usePlace();
  const [asking, setAsking] = useState<Asking>(null);
  const [a = null, b = null] = of;
  const traceA = a !== null && exampleOfAddress(a) === null ? a : null;
  const like = useEngine(
    'trace.get',
    { traceId: (asking === 'a' ? b : traceA) ?? '' },
    { enabled: (asking === 'a' && b !== null) || (asking === 'b' && traceA !== null) },
  );

  function pick(side: 'a' | 'b', id: string): void {
    const [first, second] = currentPlace().of;
    const next = side === 'a' ? [id, ...(second === undefined ? [] : [second])] : [first ?? id, id];
    replacePlace({ of: side === 'b' && first === undefined ? [id] : next });
    setAsking(null);
  }

  const expected = a === null ? null : exampleOfAddress(a);
  return (
    <>
      {a === null || b === null ? (
        <Choose has={a !== null} onAsk={setAsking} />
      ) : of.length > 2 ? (
        <StarTable baseline={a} others={of.slice(1)} />
      ) : expected !== null ? (
        <AgainstExpected
          key={`${a} ${b}`}
          datasetId={expected.datasetId}
          exampleKey={expected.key}
          b={b}
          onChange={(side) => setAsking(side === 'a' ? 'expected' : 'b')}
        />
      ) : (
        <Pair key={`${a} ${b}`} a={a} b={b} onChange={setAsking} />
      )}
      {(asking === 'a' || asking === 'b') && (
        <TracePicker
          title={asking === 'a' ? 'Choose trace A' : 'Compare with…'}
          like={like.data ?? null}
          onPick={(trace) => pick(asking, trace.id)}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'expected' && <ExpectedPicker onPick={(id) => pick('a', id)} onClose={() => setAsking(null)} />}
    </>
  );
}

function Choose({ has, onAsk }: { readonly has: boolean; readonly onAsk: (asking: Asking) => void }) {
  return (
    <EmptyState
      icon={<GitCompareArrows size={26} strokeWidth={1.5} aria-hidden />}
      title={has ? 'Choose what to compare it with' : 'Put two traces side by side'}
      actions={
        <>
          <Button variant="primary" onClick={() => onAsk(has ? 'b' : 'a')}>
            {has ? 'Choose trace B…' : 'Choose trace A…'}
          </Button>
          {!has && <Button onClick={() => onAsk('expected')}>Expected tool calls…</Button>}
        </>
      }
    >
      Both are aligned step by step, by agent, action and arguments: what is the same, what changed, and where they
      first part. Or choose several in Traces and press Compare: the first is the baseline.
    </EmptyState>
  );
}

type PairProps = {
  readonly a: string;
  readonly b: string;
  readonly onChange: (side: 'a' | 'b') => void;
};

function Pair({ a, b, onChange }: PairProps) {
  const aligned = useEngine('align.traces', { a, b });
  const left = useEngine('trace.open', { traceId: a });
  const right = useEngine('trace.open', { traceId: b });
  const error = aligned.error ?? left.error ?? right.error;
  const sides = useMemo(
    () =>
      left.data && right.data
        ? { a: sideOfTrace(left.data.trace, left.data.columns), b: sideOfTrace(right.data.trace, right.data.columns) }
        : null,
    [left.data, right.data],
  );
  if (error) return <Failed error={error} onChange={onChange} />;
  if (!aligned.data || !sides) return <Spinner label="Aligning both traces" />;
  return (
    <AlignedView aligned={aligned.data} {...sides} onSwap={() => replacePlace({ of: [b, a] })} onChange={onChange} />
  );
}

type FailedProps = {
  readonly error: AppError;
  readonly onChange: (side: 'a' | 'b') => void;
};

function Failed({ error, onChange }: FailedProps) {
  return (
    <EmptyState
      title={error.message}
      actions={
        <>
          <Button onClick={() => onChange('a')}>Choose trace A…</Button>
          <Button onClick={() => onChange('b')}>Choose trace B…</Button>
        </>
      }
    >
      {error.hint ?? 'One of the two cannot be read.'}
    </EmptyState>
  );
}

type ExpectedProps = {
  readonly datasetId: string;
  readonly exampleKey: string;
  readonly b: string;
  readonly onChange: (side: 'a' | 'b') => void;
};

function AgainstExpected({ datasetId, exampleKey, b, onChange }: ExpectedProps) {
  const example = useEngine('dataset.example', { id: datasetId, key: exampleKey });
  const expected = example.data?.expectedTrajectory ?? null;
  const aligned = useEngine('align.expected', { expected: expected ?? [], b }, { enabled: expected !== null });
  const right = useEngine('trace.open', { traceId: b });
  const error = example.error ?? aligned.error ?? right.error;
  const sides = useMemo(
    () =>
      expected !== null && right.data
        ? {
            a: sideOfExpected(`Expected of ${exampleKey}`, expected),
            b: sideOfTrace(right.data.trace, right.data.columns),
          }
        : null,
    [expected, right.data, exampleKey],
  );
  if (error) return <Failed error={error} onChange={onChange} />;
  if (example.data && expected === null)
    return (
      <EmptyState title="No expected tool calls">This example does not say which tool calls are expected.</EmptyState>
    );
  if (!aligned.data || !sides) return <Spinner label="Aligning with what was expected" />;
  return <AlignedView aligned={aligned.data} {...sides} onSwap={null} onChange={onChange} />;
}
