import { Injectable } from '@nestjs/common';

/** Counts how often the gateway has refused a key as retired; stands for whatever your handler depends on. */
@Injectable()
export class RetiredKeysService {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(): void {
    this.#count += 1;
  }
}
