import { memo, useEffect, useRef } from 'react';
import { agentColour } from '../../theme/agent-colour.ts';
import type { Layout } from './layout-types.ts';
import type { Pane, Zoom } from './use-zoom.ts';
import type { ViewGraph } from './view-graph.ts';
import styles from './agent-graph.module.css';

const WIDTH = 168;
const HEIGHT = 112;

type Props = { readonly view: ViewGraph; readonly layout: Layout; readonly pane: Pane; readonly zoom: Zoom };

/** The whole picture in a corner, as soon as the pane shows only a part of it. Press or drag to go there. */
export function Minimap({ view, layout, pane, zoom }: Props) {
  const box = useRef<SVGSVGElement>(null);
  const window = useRef<SVGRectElement>(null);
  // In a small pane it leaves most of the picture free.
  const scale = Math.min(
    Math.min(WIDTH, pane.width * 0.3) / layout.width,
    Math.min(HEIGHT, pane.height * 0.4) / layout.height,
  );

  useEffect(
    () =>
      zoom.onChange(({ x, y, k }) => {
        const sees = { x: -x / k, y: -y / k, width: pane.width / k, height: pane.height / k };
        const whole =
          sees.x <= 1 &&
          sees.y <= 1 &&
          sees.x + sees.width >= layout.width - 1 &&
          sees.y + sees.height >= layout.height - 1;
        box.current?.toggleAttribute('data-whole', whole);
        for (const [name, value] of Object.entries(sees)) window.current?.setAttribute(name, `${value}`);
      }),
    [zoom, layout, pane],
  );

  function goTo(event: React.PointerEvent<SVGSVGElement>): void {
    if (event.type === 'pointermove' && event.buttons !== 1) return;
    const area = event.currentTarget.getBoundingClientRect();
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    zoom.centre((event.clientX - area.left) / scale, (event.clientY - area.top) / scale);
  }

  return (
    <svg
      ref={box}
      className={styles.minimap}
      width={layout.width * scale}
      height={layout.height * scale}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      data-testid="graph-minimap"
      aria-hidden
      onPointerDown={goTo}
      onPointerMove={goTo}
    >
      <Dots view={view} layout={layout} />
      <rect ref={window} className={styles.window} strokeWidth={1.5 / scale} rx={3 / scale} />
    </svg>
  );
}

const Dots = memo(function Dots({ view, layout }: Pick<Props, 'view' | 'layout'>) {
  return view.nodes.map((node) => {
    const place = layout.nodes.get(node.id);
    if (!place) return null;
    const fill =
      node.kind === 'agent' || node.kind === 'team' || node.kind === 'several'
        ? agentColour(node.members[0]?.name ?? '').solid
        : 'var(--n-4)';
    return <rect key={node.id} {...place} rx={8} fill={fill} />;
  });
});
