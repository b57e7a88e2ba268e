// Forms: number fields that the browser itself checks, and what happens when one is sent.

import { TYPED } from "./exact.js";
import { html } from "./vendor/lit-html.js";

/** A field for a number; `hint` stands where nothing is typed yet. */
export function numberField(title, name, { hint = "", pattern = TYPED, isRequired = false } = {}) {
  return html`<label>
    ${title}
    <input
      name=${name}
      inputmode="decimal"
      autocomplete="off"
      size="8"
      placeholder=${hint}
      pattern=${pattern}
      title="A plain number, such as 0.01"
      ?required=${isRequired}
    />
  </label>`;
}

/** Make a handler that gives a form's fields to `task`, and empties the form when it went well. */
export function submitted(task) {
  return async (event) => {
    event.preventDefault();
    const form = event.target;
    if (await task(new FormData(form))) form.reset();
  };
}
