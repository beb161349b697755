/** Percent-encodes all but the unreserved characters of RFC 3986, as every Alibaba Cloud signature wants it. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Takes percent-encoding away; undefined when what comes out is no UTF-8. */
export function percentDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Reads `a=1&b=2`; a name that comes twice keeps its last value. */
export function parseForm(text: string): Map<string, string> {
  return new Map(new URLSearchParams(text));
}
