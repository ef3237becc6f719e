import { expect, test } from 'vitest';
import { extractFacts, MOST_FACTS } from './facts.ts';

function facts(text: string, kind: string): string[] {
  return extractFacts(text)
    .filter((fact) => fact.kind === kind)
    .map(({ key, unit }) => (unit === '' ? key : `${key} ${unit}`));
}

test('numbers are one value in every spelling, with their unit', () => {
  expect(facts('It costs $1,200 or 1200.00 USD, 1 200 €, 1.234.567,50 EUR and 12.5 % more.', 'number')).toEqual([
    '1200 usd',
    '1200 usd',
    '200 eur',
    '1234567.5 eur',
    '12.5 %',
  ]);
  expect(facts('30 minutes, 5kg, $5m, -40 degrees and 3 bags', 'number')).toEqual([
    '30 min',
    '5 kg',
    '5000000 usd',
    '-40',
  ]);
  // The numbers of a list are none of its facts.
  expect(facts('1. Pack\n22) Fly with 23 kg', 'number')).toEqual(['23 kg']);
});

test('dates and times are one value in every spelling', () => {
  for (const text of ['2024-03-12', 'March 12, 2024', '12 March 2024', '12th of Mar 2024', '12.03.2024', '2024/3/12'])
    expect(facts(`It is on ${text} then`, 'date')).toEqual(['2024-03-12']);
  expect(facts('at 14:30, at 2:30 pm, on 2024-05-15T15:00:00Z and by 5 p.m.', 'date')).toEqual([
    'T14:30',
    'T14:30',
    '2024-05-15T15:00',
    'T17:00',
  ]);
  // A day in London and another in Boston: told as it is written.
  expect(facts('on 3/4/2024 or 25/4/2024', 'date')).toEqual(['3/4/2024', '2024-04-25']);
  expect(facts('the 2024-13-45 build', 'date')).toEqual([]);
});

test('identifiers, addresses, paths and symbols', () => {
  const text =
    'Order #W99120 of anna.k@example.com, see https://shop.example/a?b=1. Run `get_order()` in /srv/app/main.py or fooBar, flight HAT136, gpt-4.1, 5d41402a-9c3e-4b1a-8f2b-1c2d3e4f5a6b';
  expect(new Set(facts(text, 'id'))).toEqual(
    new Set([
      'w99120',
      'anna.k@example.com',
      'https://shop.example/a?b=1',
      'get_order',
      '/srv/app/main.py',
      'foobar',
      'hat136',
      'gpt-4.1',
      '5d41402a-9c3e-4b1a-8f2b-1c2d3e4f5a6b',
    ]),
  );
});

test('names inside sentences, and none where capitals tell nothing', () => {
  expect(facts('Please ask Anna Keller in New York whether Bank of America called.', 'name')).toEqual([
    'anna keller',
    'new york',
    'bank of america',
  ]);
  expect(facts('In Emily Midkiff’s June 2014 article', 'name')).toEqual(['emily midkiff']);
  expect(facts('Check it. Then stop. The user is here.', 'name')).toEqual([]);
  const german =
    'Bitte schicken Sie die Rechnung für das Paket an die Firma, weil der Kunde aus der Stadt das Geld für die Lieferung schon auf das Konto der Bank überwiesen hat und Frau Anna Schmidt die Ware will.';
  expect(facts(german, 'name')).toEqual(['frau anna schmidt']);
});

test('quotations in many forms', () => {
  expect(
    facts('Say "all clear", “bon voyage”, «à bientôt», „bis bald“, 「不要转机」 or `npm run x`.', 'quote'),
  ).toEqual(['all clear', 'bon voyage', 'à bientôt', 'bis bald', '不要转机', 'npm run x']);
});

test('constraints: clauses, and fields that limit', () => {
  const text =
    'Book a room. Never use Hotel Roma; it must cost at most 80 EUR.\n- Do not call after 9 pm\nmax_price: 300\nrequired';
  const found = extractFacts(text).filter(({ kind }) => kind === 'constraint');
  expect(found.map(({ start, end }) => text.slice(start, end))).toEqual([
    'Never use Hotel Roma',
    'it must cost at most 80 EUR',
    'Do not call after 9 pm',
    'max_price: 300',
  ]);
});

test('other scripts, emoji, tables and JSON over several lines', () => {
  expect(facts('我想在2024-03-12飞往北京，预算3000元 🎉 12:45', 'date')).toEqual(['2024-03-12', 'T12:45']);
  expect(facts('我想在2024-03-12飞往北京，预算3000元 🎉', 'number')).toEqual(['3000 cny']);
  expect(facts('| Item | Price |\n|---|---|\n| Alpha | 1,200 |', 'number')).toEqual(['1200']);
  expect(facts('{\n  "total": 1200,\n  "id": "HAT136"\n}', 'number')).toEqual(['1200']);
  expect(facts('{\n  "total": 1200,\n  "id": "HAT136"\n}', 'id')).toEqual(['hat136']);
});

test('a fact stands where it says, and is counted up to a bound', () => {
  const text = 'The fee for Anna Keller is 25 % from 2024-01-02.';
  const found = extractFacts(text).filter(({ kind }) => kind !== 'constraint');
  expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(['Anna Keller', '25 %', '2024-01-02']);
  const many = Array.from({ length: 9_000 }, (_, k) => `it is ${k + 10_000} km`).join(', ');
  expect(extractFacts(many).length).toBeLessThanOrEqual(MOST_FACTS * 1.25);
});

test('hostile texts take time in proportion to their length', () => {
  const bits = ['a', '1', '.', '/a', 'A ', 'a_', '"', "'", '1,', '-', '@', 'aB', '\n', '1:', 'must ', '(', 'a.', '1-'];
  for (const bit of bits) {
    const started = performance.now();
    extractFacts(bit.repeat(Math.ceil(150_000 / bit.length)));
    // Quadratic would be half a minute; the machine may be busy.
    expect(performance.now() - started).toBeLessThan(3_000);
  }
}, 30_000);
