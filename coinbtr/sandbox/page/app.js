// The page itself: its state, the loop that keeps it fresh, and where each part stands.

import { candleChart, depthChart } from "./charts.js";
import * as controls from "./controls.js";
import { isSupported } from "./exact.js";
import * as market from "./market.js";
import * as panels from "./panels.js";
import { poll } from "./polling.js";
import * as secrets from "./secret.js";
import { change, Gone, Refused } from "./server.js";
import { moment } from "./show.js";
import { load } from "./source.js";
import { tabs } from "./tabs.js";
import { html, nothing, render } from "./vendor/lit-html.js";

const PAUSE_MS = 1000;
const SAID_MS = 8000;
const PANELS = {
  accounts: "Accounts",
  orders: "Open orders",
  transfers: "Transfers",
  faults: "Faults",
  requests: "Requests",
  exchange: "Exchange",
};

const state = {
  secret: secrets.find(),
  market: "BTC-MXN",
  interval: 900,
  panel: "accounts",
  account: "",
  kind: "latency",
  isGone: false,
  isLocked: false,
  problem: "",
};
const page = document.getElementById("page");
const announcement = document.getElementById("announcement");
let drawCandles;
let drawDepth;
let silence;
let view = 0;

/** Change what is looked at, and show it as soon as it is there. */
function look(changes) {
  Object.assign(state, changes);
  // What was loaded for another account must not stand under this one's name.
  if ("account" in changes) Object.assign(state, { orders: null, transfers: null });
  view += 1;
  show();
  refresh();
}

/** Change something in the exchange; gives whether it was done. */
async function act(said, path, body) {
  try {
    await change(state.secret, path, body);
    announce(said);
    return true;
  } catch (error) {
    announce(error.message);
    return false;
  } finally {
    refresh();
  }
}

function announce(sentence) {
  announcement.textContent = sentence;
  clearTimeout(silence);
  silence = setTimeout(() => announcement.replaceChildren(), SAID_MS);
}

async function update() {
  const asked = view;
  let fresh;
  try {
    fresh = await load({ ...state });
    fresh.isGone = false;
    fresh.problem = "";
  } catch (error) {
    fresh = failed(error);
  }
  if (asked !== view) return; // somebody looks at something else by now
  if (fresh.isGone && !state.isGone) announce("The sandbox doesn't answer.");
  if (state.isGone && !fresh.isGone) announce("The sandbox answers again.");
  Object.assign(state, fresh);
  if (fresh.isLocked) lock("That secret is not the one of this sandbox.");
  show();
}

function failed(error) {
  if (error instanceof Gone) return { isGone: true };
  if (!(error instanceof Refused)) console.error(error);
  return { isGone: false, isLocked: error.status === 401, problem: error.message };
}

function unlock(event) {
  event.preventDefault();
  const secret = new FormData(event.target).get("secret").trim();
  event.target.reset();
  secrets.keep(secret);
  look({ secret });
}

function lock(reason) {
  secrets.forget();
  announce(reason);
  look({
    secret: null,
    isLocked: false,
    accounts: null,
    candles: null,
    candlesOf: null,
    problem: "",
  });
}

function header() {
  const time = state.health?.time;
  return html`<header>
    <h1>coinbtr <b>sandbox</b></h1>
    <p class="clock">${time ? html`${moment(time)} UTC` : "…"}</p>
    <p class="link ${state.isGone ? "gone" : "there"}">${state.isGone ? "no answer" : "live"}</p>
    <nav aria-label="Pages"><a href="/reference">API reference</a></nav>
    ${state.secret ? html`<button type="button" @click=${() => lock("The secret is forgotten.")}>Lock</button>` : nothing}
  </header>`;
}

function unlocking() {
  return html`<section class="card control" aria-labelledby="unlocking">
    <h2 id="unlocking">Control</h2>
    <p>Trades, accounts, orders and faults show with the secret that <code>coinbtr sandbox</code> printed.</p>
    <form class="row" @submit=${unlock}>
      <label>Control secret
        <input name="secret" type="password" autocomplete="off" spellcheck="false" required />
      </label>
      <button>Unlock</button>
    </form>
  </section>`;
}

function control() {
  if (!state.secret) return unlocking();
  if (!state.accounts) return nothing;
  const names = { ...PANELS, faults: `Faults (${state.overview.counts.faults})` };
  const view = { ...controls, ...panels }[state.panel];
  const needed = { accounts: "accounts", exchange: "overview" }[state.panel] ?? state.panel;
  const coins = state.accounts[0].balances.map(({ coin }) => coin);
  const content = state[needed]
    ? view({ ...state, coins }, act, (kind) => look({ kind }))
    : html`<p class="empty">…</p>`;
  const isOwn = ["accounts", "orders", "transfers"].includes(state.panel);
  return html`<section class="card control" aria-label="Control">
    ${tabs(
      "Control",
      names,
      state.panel,
      (panel) => look({ panel }),
      html`
      ${
        isOwn
          ? html`<label class="account">Account
            <select @change=${(event) => look({ account: event.target.value })}>
              ${state.users.map((name) => html`<option ?selected=${name === state.account}>${name}</option>`)}
            </select>
          </label>`
          : nothing
      }
      ${content}`,
    )}
  </section>`;
}

function show() {
  const { detail } = state;
  const notice = state.isGone
    ? "The sandbox doesn't answer. What you see is what it said last."
    : state.problem;
  render(
    html`${header()}
      ${notice ? html`<p class="notice">${notice}</p>` : nothing}
      <main id="main" class=${state.isGone ? "stale" : ""}>
        ${
          detail
            ? html`${market.books(state, (name) => look({ market: name }))}
              ${market.ticker(state, act)}
              ${market.charts(state, (interval) => look({ interval }))}
              ${market.orderBook(state)} ${market.trades(state)} ${control()}`
            : html`<p class="empty">Loading …</p>`
        }
      </main>
      <footer>
        Nothing here reaches any network but this server.
        Charts: TradingView Lightweight Charts™, © TradingView, Inc.,
        <a href="https://www.tradingview.com/" rel="noreferrer">tradingview.com</a>.
      </footer>`,
    page,
  );
  draw();
}

function draw() {
  const { detail, candles, interval } = state;
  if (!detail) return;
  drawDepth ??= depthChart(document.getElementById("depth"));
  drawDepth(detail);
  if (!candles) return;
  drawCandles ??= candleChart(document.getElementById("candles"));
  drawCandles(candles, interval, detail.book.last, `${detail.book.name} ${interval}`);
}

let refresh = () => {};
if (isSupported) {
  addEventListener("hashchange", () => look({ secret: secrets.find() }));
  show();
  refresh = poll(update, PAUSE_MS);
} else {
  render(
    html`<p class="notice">This browser reads money as floats. Any current one (2025 or later) shows it exactly.</p>`,
    page,
  );
}
