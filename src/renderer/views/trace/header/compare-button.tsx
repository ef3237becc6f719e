import { useMemo, useState } from 'react';
import { GitCompareArrows } from 'lucide-react';
import type { TraceRow } from '#shared/trace.ts';
import { useRegisterCommands } from '../../../commands/registry.ts';
import { go } from '../../../state/place.ts';
import { IconButton } from '../../../widgets/button.tsx';
import { TracePicker } from '../../../widgets/trace-picker.tsx';

const KEYS = 'shift+c';

/** Asks for another trace and puts both side by side, this one as A. */
export function CompareButton({ trace }: { readonly trace: TraceRow }) {
  const [asking, setAsking] = useState(false);
  const commands = useMemo(
    () => [
      {
        id: 'trace.compare',
        title: 'Compare with another trace…',
        group: 'Compare',
        keys: KEYS,
        run: () => setAsking(true),
      },
    ],
    [],
  );
  useRegisterCommands(commands);
  return (
    <>
      <IconButton
        label="Compare with…"
        keys={KEYS}
        icon={<GitCompareArrows size={15} aria-hidden />}
        onClick={() => setAsking(true)}
      />
      {asking && (
        <TracePicker
          title="Compare with…"
          like={trace}
          onPick={(other) => go({ view: 'compare', tab: 'traces', q: '', span: null, of: [trace.id, other.id] })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
