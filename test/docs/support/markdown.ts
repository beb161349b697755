import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A fenced block of code. */
export interface CodeBlock {
  readonly page: string;
  /** Of its opening fence, from 1. */
  readonly line: number;
  /** The first word of the info string: `ts`. */
  readonly language: string;
  /** The rest of the info string. */
  readonly remark: string;
  readonly code: string;
  /**
   * What the reader is taken to have already, from a comment right before the block: `<!-- given: … -->`. TypeScript,
   * and only declarations.
   */
  readonly given: string;
}

/** A page of the documentation. */
export interface Page {
  /** Its path from the root of the repository. */
  readonly path: string;
  readonly blocks: readonly CodeBlock[];
  /** Its text without the blocks. */
  readonly prose: string;
  /** The content of the code spans in its prose. */
  readonly codeSpans: ReadonlySet<string>;
  /** The anchors of its headings, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
  /** Its headings, in their order. */
  readonly headings: readonly string[];
  /** How deep its headings are, in their order. */
  readonly outline: readonly number[];
  /** The targets of its links and images. */
  readonly links: readonly string[];
}

/** Reads a page by its path from the root of the repository. */
export function readPage(path: string): Page {
  const lines = readFileSync(join(ROOT, path), 'utf8').split('\n');
  const blocks: CodeBlock[] = [];
  const prose: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const fence = /^(\s*)(`{3,})(\S*) ?(.*)$/.exec(line);
    if (fence === null) {
      prose.push(line);
      continue;
    }
    const [, indent = '', ticks = '', language = '', remark = ''] = fence;
    const end = lines.findIndex((other, at) => at > index && other.trim() === ticks);
    const code = lines.slice(index + 1, end).map((text) => text.slice(indent.length));
    blocks.push({
      page: path,
      line: index + 1,
      language,
      remark,
      code: code.join('\n'),
      given: givenBefore(prose),
    });
    index = end;
  }
  const text = prose.join('\n');
  const found = [...text.matchAll(/^(#+) (.+)$/gm)];
  const headings = found.map(([, , title = '']) => title);
  return {
    path,
    blocks,
    prose: text,
    codeSpans: new Set([...text.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span)),
    anchors: anchorsOf(headings),
    headings,
    outline: found.map(([, marks = '']) => marks.length),
    links: [...text.matchAll(/\]\(([^)\s]+)\)|<(?:img|source|a)\b[^>]*?(?:src|srcset|href)="([^"]+)"/g)].map(
      ([, target, attribute]) => target ?? attribute ?? '',
    ),
  };
}

/** All pages: the README files and all of docs/. */
export function allPages(): readonly Page[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path));
  return ['README.md', 'README.zh-CN.md', ...docs]
    .filter((path) => existsSync(join(ROOT, path)))
    .toSorted()
    .map(readPage);
}

/** A link's file, by its path from the root, and its anchor; undefined for one that leaves the repository. */
export function resolveLink(page: Page, link: string): { path: string; anchor: string } | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [target = '', anchor = ''] = link.split('#');
  const path = target === '' ? page.path : relative(ROOT, resolve(ROOT, dirname(page.path), target));
  return { path, anchor: decodeURIComponent(anchor) };
}

function givenBefore(prose: readonly string[]): string {
  const text = prose.join('\n').trimEnd();
  return /<!-- given:((?:(?!-->)[^])*)-->$/.exec(text)?.[1]?.trim() ?? '';
}

/** The rules of GitHub: lower case, no punctuation, dashes for blanks; a number for each repetition. */
function anchorsOf(titles: readonly string[]): Set<string> {
  const anchors = new Set<string>();
  for (const title of titles) {
    const anchor = title
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}
