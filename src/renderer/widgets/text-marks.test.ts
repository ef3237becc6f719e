import { expect, test } from 'vitest';
import { findRanges } from './text-marks.ts';

test('every place of a text is found, in reading order, whatever its case', () => {
  document.body.innerHTML = '<p>A needle, a Needle</p><div>none <b>NEEDLES</b></div><input value="needle">';
  const found = findRanges(document.body, 'needle');
  expect(found.map((range) => `${range.startOffset}-${range.endOffset} ${range.startContainer.nodeValue}`)).toEqual([
    '2-8 A needle, a Needle',
    '12-18 A needle, a Needle',
    '0-6 NEEDLES',
  ]);
});

test('a page full of it is marked up to a bound', () => {
  document.body.innerHTML = `<p>${'x'.repeat(10_000)}</p>`;
  expect(findRanges(document.body, 'x')).toHaveLength(2_000);
});
