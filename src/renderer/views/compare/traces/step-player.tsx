/** Goes through the aligned steps by itself or one by one; the list, both sides and the graph follow. */
import { useEffect, useEffectEvent } from 'react';
import { Pause, Play, SkipBack, SkipForward } from 'lucide-react';
import { IconButton } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import styles from './traces.module.css';

/** Steps a second. */
export const SPEEDS = [1, 2, 5, 10, 25] as const;

type Props = {
  readonly step: number | null;
  readonly total: number;
  readonly playing: boolean;
  readonly speed: number;
  readonly onPlaying: (playing: boolean) => void;
  readonly onSpeed: (speed: number) => void;
  readonly onStep: (step: number) => void;
};

export function StepPlayer({ step, total, playing, speed, onPlaying, onSpeed, onStep }: Props) {
  const advance = useEffectEvent(() => {
    const next = (step ?? -1) + 1;
    if (next < total) onStep(next);
    if (next >= total - 1) onPlaying(false);
  });
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setInterval(() => advance(), 1_000 / speed);
    return () => clearInterval(timer);
  }, [playing, speed]);
  const last = total - 1;
  return (
    <section className={styles.player} aria-label="Playback by step" data-testid="step-player">
      <IconButton
        label="Previous step"
        keys="shift+e"
        icon={<SkipBack size={14} aria-hidden />}
        disabled={step === null || step <= 0}
        onClick={() => onStep((step ?? 0) - 1)}
      />
      <IconButton
        label={playing ? 'Pause' : 'Play both, step by step'}
        keys="space"
        icon={playing ? <Pause size={15} aria-hidden /> : <Play size={15} aria-hidden />}
        disabled={total === 0}
        onClick={() => onPlaying(!playing)}
      />
      <IconButton
        label="Next step"
        keys="e"
        icon={<SkipForward size={14} aria-hidden />}
        disabled={step !== null && step >= last}
        onClick={() => onStep((step ?? -1) + 1)}
      />
      <input
        type="range"
        className={styles.range}
        aria-label="Step"
        min={0}
        max={Math.max(0, last)}
        value={step ?? 0}
        disabled={total === 0}
        onChange={(event) => onStep(Number(event.target.value))}
      />
      <span className={styles.moment} role="status">
        {step === null ? '–' : formatCount(step + 1)} of {formatCount(total)}
      </span>
      <select
        className={styles.choice}
        aria-label="Speed"
        value={speed}
        onChange={(event) => onSpeed(SPEEDS.find((one) => String(one) === event.target.value) ?? 2)}
      >
        {SPEEDS.map((one) => (
          <option key={one} value={one}>
            {one} {one === 1 ? 'step' : 'steps'} a second
          </option>
        ))}
      </select>
    </section>
  );
}
