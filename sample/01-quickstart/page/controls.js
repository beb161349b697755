import { show } from './format.js';

/** The buttons: each sends its action, with the secret that is chosen. */
export class Controls {
  #root;

  constructor(root) {
    this.#root = root;
    for (const button of root.querySelectorAll('button')) {
      button.addEventListener('click', () => this.#press(button.dataset.action));
    }
    const automatic = root.querySelector('#automatic');
    automatic.addEventListener('change', () => this.#send('automatic', { isOn: automatic.checked }));
  }

  /** Offers these secrets. */
  start({ isEmulated, rotationEveryMs }, secretNames) {
    this.#root.toggleAttribute('data-real', !isEmulated);
    show('automatic-label', `An emergency rotation every ${rotationEveryMs / 1000} seconds, in turn`);
    if (!isEmulated) show('controls-title', 'Look again');
    const choice = this.#root.querySelector('#secret-choice');
    const chosen = this.#chosen ?? secretNames[0];
    choice.replaceChildren(...secretNames.map((name) => radio(name, name === chosen)));
  }

  /** Shows how things are. */
  update({ isAutomatic, kmsFault }) {
    this.#root.querySelector('#automatic').checked = isAutomatic;
    this.#root
      .querySelector('[data-action="break-kms"]')
      .setAttribute('aria-pressed', String(kmsFault !== undefined));
  }

  get #chosen() {
    return this.#root.querySelector('[name="secret"]:checked')?.value;
  }

  #press(action) {
    if (action === 'mend') return this.#send(action, {});
    if (action === 'break-kms')
      return this.#send(action, { fault: this.#root.querySelector('#fault').value });
    return this.#send(action, { secretName: this.#chosen });
  }

  async #send(action, body) {
    try {
      const answer = await fetch(`actions/${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      show('answer', answer.ok ? '' : (await answer.json()).message);
    } catch {
      show('answer', 'The demo does not answer.');
    }
  }
}

function radio(name, isChosen) {
  const label = document.createElement('label');
  const input = document.createElement('input');
  input.type = 'radio';
  input.name = 'secret';
  input.value = name;
  input.checked = isChosen;
  label.append(input, ` ${name}`);
  return label;
}
