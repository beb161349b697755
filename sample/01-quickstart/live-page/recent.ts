/** The last items of a list that would grow for ever. */
export class Recent<T> {
  #items: T[] = [];

  constructor(private readonly limit: number) {}

  get items(): readonly T[] {
    return this.#items;
  }

  add(item: T): void {
    this.#items = [...this.#items.slice(1 - this.limit), item];
  }
}
