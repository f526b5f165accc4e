import { type Expected, FOLLOW, type Open, WANTED } from './json-grammar.ts';

/** Where a text stops being JSON, and what should be there. Browsers disagree on whether and how they tell. */
export interface JsonFault {
  /** In characters from the beginning. */
  offset: number;
  /** From 1, as is the column. */
  line: number;
  column: number;
  message: string;
}

const WHITE_SPACE = /[ \t\n\r]*/y;
/** A string without its closing quote: what may stand in one is everything but quotes, backslashes and control characters. */
const STRING_START = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
const WORD_OR_NUMBER = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The first fault of a text that should be JSON; null if it is. */
export function findJsonFault(text: string): JsonFault | null {
  const open: Open = [];
  let expected: Expected = 'value';
  let offset = matchAt(WHITE_SPACE, text, 0).length;
  while (offset < text.length) {
    const token = tokenAt(text, offset);
    if (token === null) return brokenToken(text, offset);
    const next: Expected | null = FOLLOW[expected](token, open);
    if (next === null) return faultAt(text, offset, `expected ${WANTED[expected]}`);
    expected = next;
    offset += token.length;
    offset += matchAt(WHITE_SPACE, text, offset).length;
  }
  return expected === 'end' ? null : faultAt(text, offset, `expected ${WANTED[expected]}`);
}

/** A token of JSON; null if there is none. */
function tokenAt(text: string, offset: number): string | null {
  const character = text.charAt(offset);
  if ('{}[],:'.includes(character)) return character;
  if (character !== '"') return matchAt(WORD_OR_NUMBER, text, offset) || null;
  const start = matchAt(STRING_START, text, offset);
  return text[offset + start.length] === '"' ? `${start}"` : null;
}

function brokenToken(text: string, offset: number): JsonFault {
  if (text[offset] !== '"') return faultAt(text, offset, `${text.charAt(offset)} begins no value`);
  const end = offset + matchAt(STRING_START, text, offset).length;
  const isEscape = text[end] === '\\';
  return faultAt(text, end, isEscape ? 'there is no such escape' : 'the text has no closing double quote');
}

function matchAt(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? '';
}

function faultAt(text: string, offset: number, message: string): JsonFault {
  const before = text.slice(0, offset);
  return {
    offset,
    line: before.split('\n').length,
    column: offset - before.lastIndexOf('\n'),
    message,
  };
}
