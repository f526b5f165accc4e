import { findJsonFault } from './json-syntax.ts';

test.each([
  ['{"a": 1, }', 1, 10, 'expected a name in double quotes'],
  ['{"a": 1 "b": 2}', 1, 9, 'expected a comma or }'],
  ['{\n  "a": [1, 2\n}', 3, 1, 'expected a comma or ]'],
  ['{"a" 1}', 1, 6, 'expected a colon after the name'],
  ['{a: 1}', 1, 2, 'a begins no value'],
  ['{"a": }', 1, 7, 'expected a value'],
  ['{"a": 1', 1, 8, 'expected a comma or }'],
  ['{"a": "b\n"}', 1, 9, 'the text has no closing double quote'],
  ['{"a": "\\q"}', 1, 8, 'there is no such escape'],
  ['{} {}', 1, 4, 'expected nothing more'],
  ['', 1, 1, 'expected a value'],
])('%j is wrong at its place', (text, line, column, message) => {
  expect(findJsonFault(text)).toMatchObject({ line, column, message });
});

const PIECES = ['{', '}', '[', ']', ',', ':', '"a"', '"\\u00e9"', '-1.5e3', '01', 'true', 'nul', ' ', '\n'];

/** Texts of up to six pieces, some of which are JSON. */
function* texts(): Generator<string> {
  let state = 1;
  for (let count = 0; count < 20_000; count += 1) {
    let text = '';
    for (let length = 0; length < 1 + (count % 6); length += 1) {
      state = (state * 48_271) % 2_147_483_647;
      text += PIECES[state % PIECES.length];
    }
    yield text;
  }
}

test('it finds a fault exactly where JSON.parse does', () => {
  const disagreed = [...texts()].filter((text) => (findJsonFault(text) === null) !== isJson(text));
  expect(disagreed).toEqual([]);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
