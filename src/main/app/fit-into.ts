import type { Rectangle } from 'electron';

const wanted = { width: 1440, height: 900 };
export const smallest = { width: 640, height: 480 };

/** Inside the area; in its middle when nothing was remembered. */
export function fitInto(area: Rectangle, remembered: Rectangle | null): Rectangle {
  const width = Math.min(Math.max(remembered?.width ?? wanted.width, smallest.width), area.width);
  const height = Math.min(Math.max(remembered?.height ?? wanted.height, smallest.height), area.height);
  const x = remembered?.x ?? area.x + Math.floor((area.width - width) / 2);
  const y = remembered?.y ?? area.y + Math.floor((area.height - height) / 2);
  return {
    x: Math.min(Math.max(x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(y, area.y), area.y + area.height - height),
    width,
    height,
  };
}
