import { styleText } from 'node:util';
import { durationText } from './duration-text.ts';
import type { LogEvent } from './log-event.ts';
import { printableFields, type PrintableError } from './printable.ts';

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

interface PrintedField {
  readonly name: string;
  readonly value: unknown;
  readonly error: PrintableError | undefined;
}

/** As wide as the longest service, `scheduler`, so that the columns stand under each other. */
const serviceWidth = 9;
const levelWidth = 5;
/** Of the messages that scroll by all day; a longer one pushes its fields to the right. */
const messageWidth = 20;
const indent = '    ';

/** What an execution's id leads to; its line would not fit on a terminal with all of them. */
const knownByExecution = new Set(['account_id', 'function_id', 'trace_id']);

const serviceStyles: Readonly<Record<string, Style>> = {
  api: 'cyan',
  scheduler: 'magenta',
  worker: 'blueBright',
  local: 'whiteBright',
};
const otherServiceStyle: Style = 'cyanBright';
const levelStyles: Readonly<Record<string, Style>> = {
  error: 'red',
  warn: 'yellow',
  info: 'green',
  debug: 'gray',
};

/** The event as one aligned line, its time of day in this machine's zone; the stack of an error follows it, indented. */
export function prettyLine(event: LogEvent, colours: boolean): string {
  const paint: Paint = (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
  const fields = printedFields(event);
  const message = escapeControls(event.message);
  const columns = [
    paint('dim', timeOfDay(event.time)),
    paint(serviceStyles[event.service] ?? otherServiceStyle, event.service.padEnd(serviceWidth)),
    paint(levelStyles[event.level] ?? 'white', event.level.toUpperCase().padEnd(levelWidth)),
    fields.length === 0 ? message : message.padEnd(messageWidth),
    fields.map((field) => inlineField(field, paint)).join(' '),
  ];
  const line = columns.filter((column) => column !== '').join('  ');
  const stacks = fields.flatMap(({ error }) => (error === undefined ? [] : stackOf(error)));
  return [line, ...stacks.map((text) => paint('dim', indent + escapeControls(text)))].join('\n');
}

function timeOfDay(time: Date): string {
  const parts = [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => pad(part, 2));
  return `${parts.join(':')}.${pad(time.getMilliseconds(), 3)}`;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

/**
 * What is printed of each field: first what happened, and to what at the end of the line. `error` is set where it is one,
 * and no secret.
 */
function printedFields({ fields }: LogEvent): PrintedField[] {
  const isExecution = 'execution_id' in fields;
  const printed = Object.entries(printableFields(fields))
    .filter(([name, value]) => value !== undefined && !(isExecution && knownByExecution.has(name)))
    .map(([name, value]) => {
      const error = Error.isError(fields[name]) && isPrintableError(value) ? value : undefined;
      return { name, value, error };
    });
  return [...printed.filter((field) => !isId(field)), ...printed.filter(isId)];
}

function isId({ name }: PrintedField): boolean {
  return name.endsWith('_id');
}

function inlineField(field: PrintedField, paint: Paint): string {
  const { name, value, error } = field;
  if (isId(field)) return paint('dim', `${name}=${inlineValue(value)}`);
  if (name.endsWith('_ms') && typeof value === 'number')
    return paint('dim', `${name.slice(0, -'_ms'.length)}=`) + durationText(value);
  return paint('dim', `${name}=`) + inlineValue(error === undefined ? value : error.message);
}

/** Bare where it can be read unambiguously, else as JSON. */
function inlineValue(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) return String(value);
  return /^"[^\s"=\\\p{Cc}]+"$/u.test(text) ? text.slice(1, -1) : escapeControls(text);
}

function stackOf({ stack, message, cause }: PrintableError): string[] {
  const own = (stack ?? message).split('\n');
  if (cause === undefined) return own;
  const [first = '', ...rest] = isPrintableError(cause) ? stackOf(cause) : [inlineValue(cause)];
  return [...own, `caused by: ${first}`, ...rest];
}

function isPrintableError(value: unknown): value is PrintableError {
  return (
    typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
  );
}

/** What users typed must neither break the line nor steer the terminal. */
function escapeControls(text: string): string {
  return text.replaceAll(
    /\p{Cc}/gu,
    (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
