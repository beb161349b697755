const LIMIT = 60;

/** What happened, the latest first. */
export class Log {
  #list;

  constructor(list) {
    this.#list = list;
  }

  clear() {
    this.#list.replaceChildren();
  }

  add({ at, text, tone }) {
    const item = document.createElement('li');
    item.dataset.tone = tone;
    const time = document.createElement('time');
    time.textContent = `${at.toFixed(1)} s`;
    const line = document.createElement('span');
    line.textContent = text;
    item.append(time, line);
    this.#list.prepend(item);
    while (this.#list.childElementCount > LIMIT) this.#list.lastElementChild.remove();
  }
}
