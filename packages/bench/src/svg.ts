type Attributes = Readonly<Record<string, string | number>>;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** An element with others in it, each of them written by this function or by `text`. */
export function tag(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`);
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>\n${children.join('\n')}\n</${name}>`;
}

/** A line of text, around its x unless the attributes say otherwise. */
export function text(attributes: Attributes, content: string): string {
  const start = tag('text', { 'text-anchor': 'middle', ...attributes }).slice(0, -'/>'.length);
  return `${start}>${escape(content)}</text>`;
}

function attribute(value: string | number): string {
  // A tenth of a pixel is more than anybody sees.
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : escape(value);
}

function escape(content: string): string {
  return content.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
