/** What may come next in a JSON text. */
export type Expected =
  'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'comma or }' | 'comma or ]' | 'end';

/** Objects and arrays that are not closed yet, the innermost last. */
export type Open = ('{' | '[')[];

/** In words. */
export const WANTED: Record<Expected, string> = {
  value: 'a value',
  'value or ]': 'a value or ]',
  name: 'a name in double quotes',
  'name or }': 'a name in double quotes or }',
  colon: 'a colon after the name',
  'comma or }': 'a comma or }',
  'comma or ]': 'a comma or ]',
  end: 'nothing more',
};

type Follow = (token: string, open: Open) => Expected | null;

const afterName: Follow = (token) => (token.startsWith('"') ? 'colon' : null);

/** What may come after a token that stands where something is expected; null if that token may not stand there. */
export const FOLLOW: Record<Expected, Follow> = {
  value: begin,
  'value or ]': (token, open) => (token === ']' ? close(open) : begin(token, open)),
  name: afterName,
  'name or }': (token, open) => (token === '}' ? close(open) : afterName(token, open)),
  colon: (token) => (token === ':' ? 'value' : null),
  'comma or }': (token, open) => (token === ',' ? 'name' : closeBy('}', token, open)),
  'comma or ]': (token, open) => (token === ',' ? 'value' : closeBy(']', token, open)),
  end: () => null,
};

function begin(token: string, open: Open): Expected | null {
  if (token === '{' || token === '[') {
    open.push(token);
    return token === '{' ? 'name or }' : 'value or ]';
  }
  return /^[}\],:]$/.test(token) ? null : afterValue(open);
}

function closeBy(closing: string, token: string, open: Open): Expected | null {
  return token === closing ? close(open) : null;
}

function close(open: Open): Expected {
  open.pop();
  return afterValue(open);
}

function afterValue(open: Open): Expected {
  const innermost = open.at(-1);
  if (innermost === undefined) return 'end';
  return innermost === '{' ? 'comma or }' : 'comma or ]';
}
