// The market's part of the page: books, ticker, order book and trades.

import { minus, plus } from "./exact.js";
import { amount, empty, side, table, time } from "./show.js";
import { html, nothing } from "./vendor/lit-html.js";

export const LEVELS = 14;
export const INTERVALS = { 60: "1 min", 300: "5 min", 900: "15 min", 3600: "1 h" };

/** All books; choosing one shows it in the other parts. */
export function books({ books, market }, choose) {
  const button = (book) =>
    html`<button
      type="button"
      aria-pressed=${book.name === market}
      @click=${() => choose(book.name)}
    >
      ${book.name}${book.is_open ? nothing : html` <span class="closed">halted</span>`}
    </button>`;
  return html`<section class="card books" aria-labelledby="books">
    <h2 id="books">Books</h2>
    <label class="narrow">
      <span class="unseen">Book</span>
      <select @change=${(event) => choose(event.target.value)}>
        ${books.map(
          (book) => html`<option value=${book.name} ?selected=${book.name === market}>
            ${book.name} · ${book.last ?? "–"}${book.is_open ? nothing : " · halted"}
          </option>`,
        )}
      </select>
    </label>
    <div class="wide">
      ${table(
        "Books",
        [
          ["Book", "", button],
          ["Last", "number", (book) => amount(book.last)],
        ],
        books,
      )}
    </div>
  </section>`;
}

/** The chosen book in figures, and the button that halts it. */
export function ticker({ detail, secret }, act) {
  const { book } = detail;
  const [base, quote] = book.name.split("-");
  const spread = book.bid && book.ask ? minus(book.ask, book.bid) : null;
  const figures = [
    ["Bid", book.bid],
    ["Ask", book.ask],
    ["Spread", spread],
    ["High 24 h", book.high],
    ["Low 24 h", book.low],
    [`${base} traded 24 h`, book.volume],
  ];
  const verb = book.is_open ? "halt" : "resume";
  const said = `${book.name} ${book.is_open ? "takes no orders now" : "takes orders again"}.`;
  const flip = () => act(said, `books/${verb}`, { market: book.name });
  return html`<section class="card ticker" aria-labelledby="ticker">
    <div>
      <h2 id="ticker">${book.name}</h2>
      <p class="last">${amount(book.last)} <small>${quote}</small></p>
      ${book.is_open ? nothing : html`<p class="closed">halted</p>`}
    </div>
    <dl>
      ${figures.map(([title, value]) => html`<div><dt>${title}</dt><dd>${amount(value)}</dd></div>`)}
    </dl>
    ${
      secret
        ? html`<button type="button" class=${verb} @click=${flip}>
          ${book.is_open ? "Halt" : "Resume"} ${book.name}
        </button>`
        : nothing
    }
  </section>`;
}

/** The two charts' frames, with what they show in words. */
export function charts({ detail, interval, secret }, setInterval) {
  const { book } = detail;
  const last = (levels) => levels.at(-1)?.price ?? "nothing";
  const depth = `Depth of ${book.name}: bids from ${book.bid ?? "nothing"} down to ${last(detail.bids)}, asks from ${
    book.ask ?? "nothing"
  } up to ${last(detail.asks)}. The order book has the figures.`;
  const candles = `Prices of ${book.name} over the last 24 hours: last ${book.last ?? "none"}, highest ${
    book.high ?? "none"
  }, lowest ${book.low ?? "none"}. The trades have the figures.`;
  return html`<section class="card charts" aria-labelledby="charts">
    <h2 id="charts" class="unseen">Charts of ${book.name}</h2>
    <div class="heading" ?hidden=${!secret}>
      <h3>Price</h3>
      <div class="choice" role="group" aria-label="Length of a candle">
        ${Object.entries(INTERVALS).map(
          ([seconds, name]) => html`<button
            type="button"
            aria-pressed=${Number(seconds) === interval}
            @click=${() => setInterval(Number(seconds))}
          >
            ${name}
          </button>`,
        )}
      </div>
    </div>
    <div class="chart" id="candles" role="img" aria-label=${candles} ?hidden=${!secret}></div>
    <div class="heading"><h3>Depth</h3></div>
    <div class="chart" id="depth" role="img" aria-label=${depth}></div>
  </section>`;
}

/** The best levels of each side, the asks above the bids. */
export function orderBook({ detail }) {
  const asks = summed(detail.asks);
  const bids = summed(detail.bids);
  const most = Math.max(...[asks.at(-1), bids.at(-1)].map((level) => Number(level?.total ?? 0)));
  const [base, quote] = detail.book.name.split("-");
  const rows = (levels, kind) =>
    levels.map(
      (level) => html`<tr class=${kind}>
        <th scope="row" class="number">
          <svg class="bar" aria-hidden="true" viewBox="0 0 100 1" preserveAspectRatio="none">
            <rect width=${most ? (100 * Number(level.total)) / most : 0} height="1" />
          </svg>
          ${amount(level.price)}
        </th>
        <td class="number">${amount(level.amount)}</td>
        <td class="number">${amount(level.total)}</td>
      </tr>`,
    );
  return html`<section class="card book" aria-labelledby="book">
    <h2 id="book">Order book</h2>
    <table>
      <caption class="unseen">
        Best ${LEVELS} asks and bids of ${detail.book.name}
      </caption>
      <thead>
        <tr>
          <th scope="col" class="number">Price ${quote}</th>
          <th scope="col" class="number">Amount ${base}</th>
          <th scope="col" class="number">Sum</th>
        </tr>
      </thead>
      <tbody aria-label="Asks">${rows(asks.toReversed(), "ask")}</tbody>
      <tbody class="middle">
        <tr><th scope="row" class="number">${amount(detail.book.last)}</th><td colspan="2">last trade</td></tr>
      </tbody>
      <tbody aria-label="Bids">${rows(bids, "bid")}</tbody>
    </table>
    ${asks.length + bids.length ? nothing : empty("No orders.")}
  </section>`;
}

/** The latest trades; they need the secret, for the exchange has no public operation for them. */
export function trades({ detail, secret }) {
  const columns = [
    ["Time", "", (trade) => time(trade.time)],
    ["Side", "", (trade) => side(trade.side)],
    ["Price", "number", (trade) => amount(trade.price)],
    ["Amount", "number", (trade) => amount(trade.amount)],
  ];
  const content = () =>
    detail.trades.length
      ? table(`Latest trades of ${detail.book.name}`, columns, detail.trades)
      : empty("No trades in the last 24 hours.");
  return html`<section class="card trades" aria-labelledby="trades">
    <h2 id="trades">Trades</h2>
    ${secret ? content() : empty("Trades show with the control secret.")}
  </section>`;
}

function summed(levels) {
  let total = "0";
  return levels.slice(0, LEVELS).map((level) => {
    total = plus(total, level.amount);
    return { ...level, total };
  });
}
