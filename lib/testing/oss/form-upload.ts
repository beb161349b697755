import { ServiceError } from '../http/service-error.js';

const LINE_BREAK = '\r\n';

/** The file in a form. */
export interface FormFile {
  readonly name: string;
  readonly contentType: string;
  readonly body: Buffer;
}

/** A form in multipart/form-data that uploads an object. */
export class FormUpload {
  private constructor(
    private readonly fields: ReadonlyMap<string, string>,
    readonly file: FormFile,
  ) {}

  /**
   * Reads a form; fields after the file do not count.
   * @param contentType the header of the request, which names the boundary
   * @throws ServiceError 400 when it is no such form
   */
  static parse(contentType: string, body: Buffer): FormUpload {
    const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
    const boundary = quoted ?? bare;
    if (boundary === undefined) throw malformed();
    const fields = new Map<string, string>();
    for (const part of partsOf(body, boundary)) {
      const { name, fileName, type, content } = readPart(part);
      if (name === 'file') {
        return new FormUpload(fields, { name: fileName, contentType: type, body: content });
      }
      fields.set(name.toLowerCase(), content.toString('utf8'));
    }
    const message = 'The HTTP POST request must have a file field, after all the others.';
    throw new ServiceError(400, 'InvalidArgument', message);
  }

  /** Whether the header of a request announces such a form. */
  static isAnnouncedBy(contentType: string): boolean {
    return /^multipart\/form-data\s*;/i.test(contentType);
  }

  /** A field's value, whatever the case of its name; '' without it. */
  field(name: string): string {
    return this.fields.get(name.toLowerCase()) ?? '';
  }

  /** Names, in lower case, and values of all fields. */
  entries(): readonly (readonly [name: string, value: string])[] {
    return [...this.fields];
  }
}

function partsOf(body: Buffer, boundary: string): readonly Buffer[] {
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let start = body.indexOf(delimiter);
  if (start < 0) throw malformed();
  for (;;) {
    start += delimiter.length;
    if (body.subarray(start, start + 2).toString('latin1') === '--') return parts;
    const end = body.indexOf(`${LINE_BREAK}--${boundary}`, start, 'utf8');
    if (end < 0) throw malformed();
    parts.push(body.subarray(start + LINE_BREAK.length, end));
    start = end + LINE_BREAK.length;
  }
}

function readPart(part: Buffer): { name: string; fileName: string; type: string; content: Buffer } {
  const end = part.indexOf(LINE_BREAK + LINE_BREAK);
  if (end < 0) throw malformed();
  const head = part.subarray(0, end).toString('utf8');
  const [, name = ''] = /^content-disposition:.*[;\s]name="?([^";\r\n]*)"?/im.exec(head) ?? [];
  const [, fileName = ''] = /^content-disposition:.*[;\s]filename="([^"\r\n]*)"/im.exec(head) ?? [];
  const [, type = ''] = /^content-type:\s*(\S.*?)\s*$/im.exec(head) ?? [];
  return { name, fileName, type, content: part.subarray(end + 2 * LINE_BREAK.length) };
}

function malformed(): ServiceError {
  const message = 'The body of your POST request is not well-formed multipart/form-data.';
  return new ServiceError(400, 'MalformedPOSTRequest', message);
}
