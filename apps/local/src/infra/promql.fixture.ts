const WORDS_OF_THE_LANGUAGE = new Set(['and', 'or', 'unless', 'Inf']);
const STRING = /"[^"]*"/g;
const LABEL_LIST = /\b(?:by|without|on|ignoring|group_left|group_right) *\(([^)]*)\)/g;
const MATCHERS = /\{([^}]*)\}/g;
const RANGE = /\[[^\]]*\]|\boffset +\w+/g;

/** The series that an expression asks for. */
export function namesIn(expression: string): string[] {
  const bare = expression
    .replaceAll(STRING, '')
    .replaceAll(MATCHERS, '')
    .replaceAll(LABEL_LIST, '')
    .replaceAll(RANGE, '');
  // What an opening parenthesis follows is a function.
  const words = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?![\w:]| *\()/g)].map(([word]) => word);
  return [...new Set(words)].filter((word) => !WORDS_OF_THE_LANGUAGE.has(word));
}

/** The labels that an expression selects and groups by. */
export function labelsIn(expression: string): string[] {
  const bare = expression.replaceAll(STRING, '');
  const selected = [...bare.matchAll(MATCHERS)].flatMap(([, list]) => (list ?? '').match(/\w+/g) ?? []);
  return [...new Set([...selected, ...groupingLabelsIn(bare)])];
}

/** The labels that the result of an aggregation may have. */
export function groupingLabelsIn(expression: string): string[] {
  return [...expression.matchAll(LABEL_LIST)].flatMap(([, list]) => (list ?? '').match(/\w+/g) ?? []);
}
