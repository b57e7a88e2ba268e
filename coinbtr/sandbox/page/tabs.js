// Tabs as screen readers and keyboards know them: one stop, arrows to move, Home and End.

import { html } from "./vendor/lit-html.js";

/** A row of tabs and the panel of the chosen one. `names` are `{key: title}`. */
export function tabs(label, names, chosen, choose, content) {
  const keys = Object.keys(names);
  const move = (event) => {
    const at = keys.indexOf(chosen);
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: keys.length - 1 }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    const key = keys.at(next % keys.length);
    choose(key);
    document.getElementById(`tab-${key}`).focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} @keydown=${move}>
      ${keys.map(
        (key) => html`<button
          type="button"
          role="tab"
          id="tab-${key}"
          aria-selected=${key === chosen}
          aria-controls="panel"
          tabindex=${key === chosen ? 0 : -1}
          @click=${() => choose(key)}
        >
          ${names[key]}
        </button>`,
      )}
    </div>
    <div class="panel" id="panel" role="tabpanel" aria-labelledby="tab-${chosen}">${content}</div>`;
}
