/** The overview as a picture that stands alone: for slides and reports, so on white, with nothing from outside. */
import type { Overview } from '#shared/overview.ts';

const WIDTH = 900;
const NAME = 280;
const BAR = 420;
const ROW = 20;
const MOST = 20;

type Bar = { readonly name: string; readonly labels: number; readonly note: string };

export function overviewSvg(found: Overview): string {
  const { reviewed, failures, categories, agents, workflows } = found;
  const parts: string[] = [];
  let y = 34;
  parts.push(text(20, y, 'Failures', 18, 600));
  y += 22;
  const sentence = `${failures.labels} labels in ${failures.traces.count} of ${reviewed} reviewed traces; ${found.blamedAgents} agents blamed`;
  parts.push(text(20, y, sentence, 12, 400, '#5d6574'));
  const share = ({ count, of }: { readonly count: number; readonly of: number }): string => `${count} of ${of} traces`;
  const sections: (readonly [title: string, bars: readonly Bar[]])[] = [
    ['By category', categories.map((each) => ({ name: each.title, labels: each.labels, note: share(each.traces) }))],
    [
      'By agent',
      agents.map((each) => ({
        name: each.agent,
        labels: each.labels,
        note: `${each.blamed} blamed, ${each.acted} acting`,
      })),
    ],
    [
      'Where in the trace',
      found.deciles.map(({ labels, traces }, tenth) => ({
        name: `${tenth * 10}–${tenth * 10 + 10} %`,
        labels,
        note: `${traces} traces`,
      })),
    ],
    ['Over time', found.time.map((each) => ({ name: each.from, labels: each.labels, note: share(each.traces) }))],
    [
      'By workflow',
      workflows.map((each) => ({
        name: each.workflow ?? 'No workflow',
        labels: each.labels,
        note: share(each.traces),
      })),
    ],
  ];
  for (const [title, bars] of sections) {
    if (bars.length === 0 || bars.every(({ labels }) => labels === 0)) continue;
    y += 34;
    parts.push(text(20, y, title, 13, 600));
    y += 8;
    const most = bars.reduce((top, { labels }) => Math.max(top, labels), 1);
    for (const { name, labels, note } of bars.slice(0, MOST)) {
      const length = (BAR * labels) / most;
      parts.push(
        text(20, y + 14, short(name), 12),
        `<rect x="${NAME}" y="${y + 3}" width="${length.toFixed(1)}" height="${ROW - 6}" rx="2" fill="#0b5fc4"/>`,
        text(NAME + length + 6, y + 14, `${labels} · ${note}`, 11, 400, '#5d6574'),
      );
      y += ROW;
    }
    if (bars.length > MOST) {
      parts.push(text(20, y + 14, `and ${bars.length - MOST} more`, 11, 400, '#5d6574'));
      y += ROW;
    }
  }
  const height = y + 24;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Inter, system-ui, sans-serif" role="img" aria-label="${escaped(sentence)}"><rect width="100%" height="100%" fill="#ffffff"/>${parts.join('')}</svg>\n`;
}

function text(x: number, y: number, content: string, size: number, weight = 400, fill = '#13161c'): string {
  return `<text x="${x.toFixed(1)}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escaped(content)}</text>`;
}

function short(name: string): string {
  const characters = [...name];
  return characters.length > 38 ? `${characters.slice(0, 37).join('')}…` : name;
}

/** Names are hostile: markup is text, and what XML forbids is shown as replaced. */
function escaped(content: string): string {
  return content
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '\ufffd',
    )
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
