/** How many letters a misspelled name may differ in. */
const MAX_DISTANCE = 2;

/** The known name that a misspelled one most likely stands for; undefined when it is like none of them. */
export function closestName(name: string, known: readonly string[]): string | undefined {
  const normal = normalize(name);
  const nearest = known
    .map((candidate) => ({ candidate, distance: editDistance(normal, normalize(candidate)) }))
    .filter(({ distance, candidate }) => distance <= MAX_DISTANCE && distance < candidate.length / 3)
    .toSorted((a, b) => a.distance - b.distance)[0]?.candidate;
  return nearest ?? completionOf(normal, known);
}

/** The shortest name that begins as a cut one does, of which at least half is there. */
function completionOf(normal: string, known: readonly string[]): string | undefined {
  return known
    .filter((candidate) => normal.length * 2 >= candidate.length && normalize(candidate).startsWith(normal))
    .toSorted((a, b) => a.length - b.length)[0];
}

/** Case, dashes and underscores are what people most often get wrong. */
function normalize(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}

/** Levenshtein's distance: insertions, deletions and replacements of letters. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
