/** Charts as files: the SVG with all that the page's styles gave it, and the numbers behind it as CSV. */
import { attempt } from '#shared/rpc/client.ts';
import { bridge } from '../data/bridge.ts';
import { engine } from '../data/engine.ts';
import { notify, notifyError } from '../state/notices.ts';

export type Cell = string | number | null;
export type Rows = readonly (readonly Cell[])[];

/** What the style sheet says and a lone file does not know. */
const COLOURS = ['fill', 'stroke'] as const;
const STYLES = [
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'stroke-linecap',
  'opacity',
  'fill-opacity',
  'stroke-opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'paint-order',
] as const;

/** Of how each starts, before any style sheet: not worth a line in the file. */
const USUAL: Readonly<Record<string, string>> = {
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'stroke-linejoin': 'miter',
  'stroke-linecap': 'butt',
  opacity: '1',
  'fill-opacity': '1',
  'stroke-opacity': '1',
  'text-anchor': 'start',
  'dominant-baseline': 'auto',
  'paint-order': 'normal',
};

/** Asks where, then writes the picture as it is drawn now, in the theme that is on. */
export async function savePicture(svg: SVGSVGElement, name: string, title: string): Promise<void> {
  await save(`${name}.svg`, 'svg', () => svgText(svg, title));
}

export async function saveTable(rows: Rows, name: string): Promise<void> {
  await save(`${name}.csv`, 'csv', () => csvText(rows));
}

async function save(proposed: string, format: 'svg' | 'csv', text: () => string): Promise<void> {
  const path = await bridge.chooseSavePath(proposed);
  if (path === null) return;
  const saved = await attempt(engine.call('picture.export', { path, text: text(), format }));
  if (!saved.ok) {
    notifyError('Export failed', saved.error);
    return;
  }
  notify({
    tone: 'ok',
    title: format === 'svg' ? 'Picture exported' : 'Table exported',
    detail: path.split(/[\\/]/).at(-1) ?? path,
    action: { label: 'Show in folder', run: () => void bridge.revealFile(path) },
  });
}

/** RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe before it. */
export function csvText(rows: Rows): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(cell: Cell): string {
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The element as a document of its own: styles and colours written into it, on the ground of the page. */
export function svgText(svg: SVGSVGElement, title: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const plain = colourWriter();
  const originals = [svg, ...svg.querySelectorAll<SVGElement>('*')];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  originals.forEach((original, index) => {
    const target = copies[index];
    if (!target || original.tagName === 'title') return;
    const style = getComputedStyle(original);
    target.removeAttribute('class');
    target.removeAttribute('style');
    for (const name of COLOURS) {
      const value = style.getPropertyValue(name);
      if (value !== '') target.setAttribute(name, plain(value));
    }
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (name.startsWith('font') && original.tagName !== 'text' && original.tagName !== 'tspan') continue;
      if (value !== '' && value !== USUAL[name]) target.setAttribute(name, value);
    }
    for (const { name } of [...target.attributes])
      if (name.startsWith('data-') || name.startsWith('aria-')) target.removeAttribute(name);
  });
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', plain(getComputedStyle(document.body).backgroundColor || '#ffffff'));
  const heading = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  heading.textContent = title;
  copy.prepend(heading, ground);
  return xmlText(new XMLSerializer().serializeToString(copy));
}

/** Names may hold what no XML document may, and one such character keeps the whole picture from being opened. */
export function xmlText(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

/** Computed colours may be in spaces that only browsers know: drawn once, they are red, green and blue. */
function colourWriter(): (colour: string) => string {
  const known = new Map<string, string>();
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  return (colour) => {
    if (colour === 'none' || colour.startsWith('url(') || /^(#|rgb)/.test(colour) || !context) return colour;
    let written = known.get(colour);
    if (written === undefined) {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
      written =
        alpha === 255
          ? `rgb(${red}, ${green}, ${blue})`
          : `rgba(${red}, ${green}, ${blue}, ${Number((alpha / 255).toFixed(3))})`;
      known.set(colour, written);
    }
    return written;
  };
}
