/** What part of a bucket to list. */
export interface ListingQuery {
  readonly prefix: string;
  /** Names that go on after the prefix to this are folded into one common prefix; '' folds nothing. */
  readonly delimiter: string;
  /** Only what sorts after this. */
  readonly after: string;
  readonly maxKeys: number;
}

/** One page of a listing. */
export interface ListingPage {
  readonly names: readonly string[];
  readonly commonPrefixes: readonly string[];
  /** The last entry of the page when there are more; '' at the end. */
  readonly next: string;
}

/** Makes one page out of a bucket's sorted object names. */
export function listPage(sortedNames: readonly string[], query: ListingQuery): ListingPage {
  const names: string[] = [];
  const commonPrefixes: string[] = [];
  let last = '';
  for (const name of sortedNames) {
    if (!name.startsWith(query.prefix) || name <= query.after) continue;
    const entry = foldedEntry(name, query);
    // A folded entry is listed once, and not again once it was itself the marker.
    if (entry === last || entry === query.after) continue;
    if (names.length + commonPrefixes.length === query.maxKeys) return { names, commonPrefixes, next: last };
    (entry === name ? names : commonPrefixes).push(entry);
    last = entry;
  }
  return { names, commonPrefixes, next: '' };
}

function foldedEntry(name: string, { prefix, delimiter }: ListingQuery): string {
  const cut = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
  return cut < 0 ? name : name.slice(0, cut + delimiter.length);
}
