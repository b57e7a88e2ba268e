// How single values look: amounts, times, and where there is nothing.

import { split } from "./exact.js";
import { html } from "./vendor/lit-html.js";

const NAMES = { BUY: "buy", SELL: "sell" };

/** An amount with every digit that the server wrote; the zeros at its end recede. */
export function amount(text) {
  if (text === null || text === undefined) return html`<span class="none">–</span>`;
  const { figure, zeros } = split(text);
  return html`<span class="figure">${figure}<span class="zeros">${zeros}</span></span>`;
}

/** The time of day of a UTC time, and all of it to whoever points at it. */
export function time(iso) {
  return html`<time datetime=${iso} title=${iso}>${iso.slice(11, 19)}</time>`;
}

/** Day and time of a UTC time. */
export function moment(iso) {
  return html`<time datetime=${iso} title=${iso}>${iso.slice(0, 10)} ${iso.slice(11, 19)}</time>`;
}

/** The side of an order or a trade, by word and colour. */
export function side(word) {
  const name = NAMES[word] ?? word;
  return html`<span class=${name}>${name}</span>`;
}

/** A message where a table would be empty. */
export const empty = (sentence) => html`<p class="empty">${sentence}</p>`;

/** A table; columns are `[title, class, (row) => content]`.

    On a phone each row stands as a block with its titles: the roles keep it a table for readers. */
export function table(caption, columns, rows) {
  return html`<table role="table" class="stacked">
    <caption class="unseen">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(
          ([title, kind]) => html`<th scope="col" role="columnheader" class=${kind}>${title}</th>`,
        )}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (row) => html`<tr role="row">
          ${columns.map(
            ([title, kind, content]) =>
              html`<td role="cell" class=${kind} data-title=${title}>${content(row)}</td>`,
          )}
        </tr>`,
      )}
    </tbody>
  </table>`;
}
