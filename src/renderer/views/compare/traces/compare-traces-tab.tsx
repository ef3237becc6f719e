/** Two traces step by step; one against expected tool calls; or many against one. Which, is in the place. */
import { useMemo, useState } from 'react';
import { GitCompareArrows } from 'lucide-react';
import type { AppError } from '#shared/result.ts';
import { useEngine } from '../../../data/engine.ts';
import { type ExpectedAddress, expectedOfAddress } from '../../../state/compare-place.ts';
import { currentPlace, replacePlace, usePlace } from '../../../state/place.ts';
import { Button } from '../../../widgets/button.tsx';
import { EmptyState, Spinner } from '../../../widgets/states.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { TracePicker } from '../../../widgets/trace-picker.tsx';
import { AlignedView } from './aligned-view.tsx';
import { ExpectedPicker } from './expected-picker.tsx';
import { sideOfExpected, sideOfTrace } from './model/sides.ts';
import { StarTable } from './star-table.tsx';

type Asking = 'a' | 'b' | 'expected' | null;

export function CompareTracesTab() {
  const { of } = usePlace();
  const [asking, setAsking] = useState<Asking>(null);
  const [a = null, b = null] = of;
  const expected = a === null ? null : expectedOfAddress(a);
  const traceA = expected === null ? a : expected.kind === 'trace' ? expected.traceId : null;
  const likeId = asking === 'a' ? b : traceA;
  const like = useEngine('trace.get', { traceId: likeId ?? '' }, { enabled: asking !== null && likeId !== null });

  function pick(side: 'a' | 'b', id: string): void {
    const [first, second] = currentPlace().of;
    const next = side === 'a' ? [id, ...(second === undefined ? [] : [second])] : [first ?? id, id];
    replacePlace({ of: side === 'b' && first === undefined ? [id] : next });
    setAsking(null);
  }

  /** One trace that was chosen before is what is put against it, unless its own calls are what is expected. */
  function expect(address: string): void {
    const other = b ?? (expected === null && a !== null && expectedOfAddress(address)?.kind === 'example' ? a : null);
    replacePlace({ of: [address, ...(other === null ? [] : [other])] });
    setAsking(null);
  }

  return (
    <>
      {a === null || b === null ? (
        <Choose a={a} expected={expected} onAsk={setAsking} />
      ) : of.length > 2 ? (
        <StarTable baseline={a} others={of.slice(1)} />
      ) : expected !== null ? (
        <AgainstExpected
          key={`${a} ${b}`}
          expected={expected}
          b={b}
          onChange={(side) => setAsking(side === 'a' ? 'expected' : 'b')}
        />
      ) : (
        <Pair key={`${a} ${b}`} a={a} b={b} onChange={setAsking} onExpected={() => setAsking('expected')} />
      )}
      {(asking === 'a' || asking === 'b') && (
        <TracePicker
          title={asking === 'a' ? 'Choose trace A' : 'Compare with…'}
          like={like.data ?? null}
          onPick={(trace) => pick(asking, trace.id)}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'expected' && (
        <ExpectedPicker
          good={expected === null && traceA !== null ? (like.data ?? { id: traceA, name: '' }) : null}
          onPick={expect}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}

type ChooseProps = {
  readonly a: string | null;
  readonly expected: ExpectedAddress | null;
  readonly onAsk: (asking: Asking) => void;
};

function Choose({ a, expected, onAsk }: ChooseProps) {
  const id = expected === null ? a : expected.kind === 'trace' ? expected.traceId : null;
  const trace = useEngine('trace.get', { traceId: id ?? '' }, { enabled: id !== null });
  const name = visibleString((trace.data?.name || (id ?? '')).slice(0, 120));
  return (
    <EmptyState
      icon={<GitCompareArrows size={26} strokeWidth={1.5} aria-hidden />}
      title={a === null ? 'Put two traces side by side' : 'Choose what to compare it with'}
      actions={
        <>
          <Button variant="primary" onClick={() => onAsk(a === null ? 'a' : 'b')}>
            {a === null ? 'Choose trace A…' : 'Choose trace B…'}
          </Button>
          {expected === null && <Button onClick={() => onAsk('expected')}>Expected tool calls…</Button>}
        </>
      }
    >
      {expected?.kind === 'example'
        ? `A is what example ${visibleString(expected.key.slice(0, 120))} of a dataset expects. Choose the trace that is put against it.`
        : expected?.kind === 'trace'
          ? `A is the tool calls of ${name}, as what is expected. Choose the trace that is put against it.`
          : a !== null
            ? `A is ${name}. Choose another trace, or what is expected of it.`
            : 'Both are aligned step by step, by agent, action and arguments: what is the same, what changed, and where they first part. Or choose several in Traces and press Compare: the first is the baseline.'}
    </EmptyState>
  );
}

type PairProps = {
  readonly a: string;
  readonly b: string;
  readonly onChange: (side: 'a' | 'b') => void;
  readonly onExpected: () => void;
};

function Pair({ a, b, onChange, onExpected }: PairProps) {
  const aligned = useEngine('align.traces', { a, b });
  const left = useEngine('trace.open', { traceId: a });
  const right = useEngine('trace.open', { traceId: b });
  const error = left.error ?? right.error ?? aligned.error;
  const sides = useMemo(
    () =>
      left.data && right.data
        ? { a: sideOfTrace(left.data.trace, left.data.columns), b: sideOfTrace(right.data.trace, right.data.columns) }
        : null,
    [left.data, right.data],
  );
  if (error) return <Failed error={error} side={left.error ? 'a' : right.error ? 'b' : null} onChange={onChange} />;
  if (!aligned.data || !sides) return <Spinner label="Aligning both traces" />;
  return (
    <AlignedView
      aligned={aligned.data}
      {...sides}
      onSwap={() => replacePlace({ of: [b, a] })}
      onChange={onChange}
      expected={{ label: 'Against expected calls…', onPress: onExpected }}
    />
  );
}

type FailedProps = {
  readonly error: AppError;
  /** Whose fault it is, as far as is known. */
  readonly side: 'a' | 'b' | null;
  /** A is what is expected, and no trace. */
  readonly isExpected?: boolean;
  readonly onChange: (side: 'a' | 'b') => void;
};

function Failed({ error, side, isExpected = false, onChange }: FailedProps) {
  return (
    <EmptyState
      title={side === null ? error.message : `${side.toUpperCase()}: ${error.message}`}
      actions={
        <>
          {side !== 'b' && (
            <Button onClick={() => onChange('a')}>{isExpected ? 'Choose what is expected…' : 'Choose trace A…'}</Button>
          )}
          {side !== 'a' && <Button onClick={() => onChange('b')}>Choose trace B…</Button>}
        </>
      }
    >
      {side === null ? (error.hint ?? 'They cannot be compared.') : 'Choose another one.'}
    </EmptyState>
  );
}

type ExpectedProps = {
  readonly expected: ExpectedAddress;
  readonly b: string;
  readonly onChange: (side: 'a' | 'b') => void;
};

function AgainstExpected({ expected: address, b, onChange }: ExpectedProps) {
  const [dataset, trace] = address.kind === 'example' ? [address, null] : [null, address];
  const example = useEngine(
    'dataset.example',
    { id: dataset?.datasetId ?? '', key: dataset?.key ?? '' },
    { enabled: dataset !== null },
  );
  const made = useEngine('dataset.ofTraces', { traceIds: [trace?.traceId ?? ''] }, { enabled: trace !== null });
  const good = useEngine('trace.get', { traceId: trace?.traceId ?? '' }, { enabled: trace !== null });
  const found = dataset ? example.data : made.data?.[0];
  const expected = found?.expectedTrajectory ?? null;
  const isEmpty = expected === null || (trace !== null && expected.length === 0);
  const aligned = useEngine('align.expected', { expected: expected ?? [], b }, { enabled: !isEmpty });
  const right = useEngine('trace.open', { traceId: b });
  const unknown = example.error ?? good.error ?? made.error;
  const error = unknown ?? right.error ?? aligned.error;
  const title = dataset
    ? `Expected of ${dataset.key}`
    : `Expected: the tool calls of ${good.data?.name || (trace?.traceId ?? '')}`;
  const sides = useMemo(
    () =>
      expected !== null && right.data
        ? { a: sideOfExpected(title, expected), b: sideOfTrace(right.data.trace, right.data.columns) }
        : null,
    [expected, right.data, title],
  );
  if (error)
    return <Failed error={error} side={unknown ? 'a' : right.error ? 'b' : null} isExpected onChange={onChange} />;
  if ((found !== undefined || made.data?.length === 0) && isEmpty)
    return (
      <EmptyState
        title="No expected tool calls"
        actions={<Button onClick={() => onChange('a')}>Choose what is expected…</Button>}
      >
        {dataset
          ? 'This example does not say which tool calls are expected.'
          : 'This trace called no tool, so that nothing can be expected of another one.'}
      </EmptyState>
    );
  if (!aligned.data || !sides) return <Spinner label="Aligning with what was expected" />;
  return (
    <AlignedView
      aligned={aligned.data}
      {...sides}
      onSwap={null}
      onChange={onChange}
      expected={trace && { label: 'Compare whole traces', onPress: () => replacePlace({ of: [trace.traceId, b] }) }}
    />
  );
}
