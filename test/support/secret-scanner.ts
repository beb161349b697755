import { inspect } from 'node:util';

/** Texts shorter than this turn up by chance. */
const SHORTEST_SECRET = 12;

/** Finds secrets in text: as they are, and in the forms that encodings give them. */
export class SecretScanner {
  readonly #forms = new Map<string, string>();

  /** Looks for this secret from now on. */
  add(secret: string): void {
    if (secret.length < SHORTEST_SECRET || this.#forms.get(secret) === 'plain') return;
    const bytes = Buffer.from(secret);
    this.#forms.set(secret, 'plain');
    this.#forms.set(JSON.stringify(secret).slice(1, -1), 'JSON');
    this.#forms.set(encodeURIComponent(secret), 'URL');
    this.#forms.set(encodeURIComponent(encodeURIComponent(secret)), 'URL twice');
    this.#forms.set(bytes.toString('hex'), 'hex');
    this.#forms.set(bytes.toString('hex').toUpperCase(), 'HEX');
    // In the middle of something else the bytes may begin at any third of a group of four characters.
    for (const shift of [0, 1, 2]) {
      const base64 = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
      const inner = base64.slice(shift === 0 ? 0 : 4, -4);
      this.#forms.set(inner, 'base64');
      this.#forms.set(inner.replaceAll('+', '-').replaceAll('/', '_'), 'base64url');
    }
    this.#forms.set(secret, 'plain');
  }

  /** The forms of secrets that are in the text, such as `base64`; none of them is quoted. */
  findIn(text: string): string[] {
    return [...this.#forms].filter(([form]) => text.includes(form)).map(([, kind]) => kind);
  }
}

/** All that can be seen of a value: of an error its message, stack and causes, of an object its properties at depth. */
export function textOf(value: unknown): string {
  const seen = [inspect(value, { depth: 10, showHidden: true, maxStringLength: null, maxArrayLength: null })];
  for (let error: unknown = value; error instanceof Error; error = error.cause) {
    seen.push(String(error), error.stack ?? '', safeJson(error), inspect(Object.values(error)));
  }
  return [...seen, safeJson(value)].join('\n');
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
