/** Content of an element: text, child elements, or the same element several times. */
export type XmlContent = string | number | boolean | XmlElements | readonly XmlContent[] | undefined;

/** Child elements by name, in order; an undefined one is left out. */
export interface XmlElements {
  readonly [name: string]: XmlContent;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const TAG = /<(\/?)([\w.:-]+)[^<>]*?(\/?)>/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** An XML document. */
export function toXml(root: string, content: XmlContent): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(root, content)}\n`;
}

/** Whether a text is an XML document with that root, as far as its tags and entities go. */
export function isXml(text: string, root: string): boolean {
  const document = text.replace(/^\s*<\?xml[^>]*\?>/, '').trim();
  const isBroken = /&(?!(?:#\d+|#x[\da-f]+|\w+);)|<(?![\w/])/i.test(document);
  if (isBroken || !new RegExp(`^<${root}[\\s/>]`).test(document)) return false;
  const open: string[] = [];
  let end = 0;
  for (const { 0: tag, 1: closing, 2: name = '', 3: empty, index } of document.matchAll(TAG)) {
    // The root was closed already.
    if (end > 0 && open.length === 0) return false;
    if (closing !== '' && open.pop() !== name) return false;
    if (closing === '' && empty === '') open.push(name);
    end = index + tag.length;
  }
  return open.length === 0 && end === document.length;
}

/** The texts of all elements of a name, wherever they stand. */
export function textsOf(xml: string, name: string): string[] {
  return Array.from(xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g')), ([, text = '']) =>
    unescape(text),
  );
}

/** The contents, still XML, of all elements of a name; such elements must not be nested. */
export function elementsOf(xml: string, name: string): string[] {
  return Array.from(
    xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs')),
    ([, content = '']) => content,
  );
}

function render(name: string, content: XmlContent): string {
  if (content === undefined) return '';
  if (isList(content)) return content.map((item) => render(name, item)).join('');
  if (typeof content !== 'object') return `<${name}>${escape(String(content))}</${name}>`;
  const children = Object.entries(content).map(([child, value]) => render(child, value));
  return `<${name}>${children.join('')}</${name}>`;
}

function isList(content: XmlContent): content is readonly XmlContent[] {
  return Array.isArray(content);
}

// A parser would make other white space of a bare line break.
function escape(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
    .replace(/[\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function unescape(text: string): string {
  return text.replace(/&(#x?)?(\w+);/g, (whole, number: string | undefined, name: string) => {
    if (number === undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(Number.parseInt(name, number === '#x' ? 16 : 10));
  });
}
