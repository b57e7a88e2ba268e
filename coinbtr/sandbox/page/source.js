// Loads what the page shows into its state: all of it with the secret, without it what anybody may see.

import * as server from "./server.js";

const TRADES = 25;
const LEVELS = 200;
const CANDLES = 1000;
const CANDLES_MS = 5000;
const ROWS = 100;

/** Load everything that shows now into a state, and give it. */
export async function load(state) {
  const { secret } = state;
  state.health = await server.health();
  if (!secret) return loadPublic(state);
  const [overview, detail] = await Promise.all([
    server.look(secret, "overview"),
    server.look(secret, "books/detail", { market: state.market, limit: LEVELS }),
  ]);
  state.overview = overview;
  state.books = overview.books;
  state.detail = { ...detail, trades: detail.trades.slice(0, TRADES) };
  await loadCandles(state);
  await loadPanel(state);
  return state;
}

async function loadPublic(state) {
  const query = { market: state.market };
  const [books, levels, ticker] = await Promise.all([
    server.market("listbooks"),
    server.market("getorderbook", { ...query, limit: LEVELS }),
    server.market("gettiker", query),
  ]);
  const known = Object.fromEntries((state.books ?? []).map((book) => [book.name, book.last]));
  known[ticker.market] = ticker.last;
  state.books = books.map((book) => ({ ...book, last: known[book.name] ?? null }));
  const { is_open } = books.find((book) => book.name === state.market);
  state.detail = { ...levels, trades: [], book: { ...ticker, name: state.market, is_open } };
  // The others' last prices change one by one, so that this stays a few requests a second.
  const other = state.books.find((book) => book.last === null);
  if (other) other.last = (await server.market("gettiker", { market: other.name })).last;
  return state;
}

/** Candles are made from a whole day of trades: asked for less often than the rest. */
async function loadCandles(state) {
  const query = { market: state.market, interval: state.interval, limit: CANDLES };
  const key = JSON.stringify(query);
  const now = performance.now();
  if (state.candlesOf?.key === key && now - state.candlesOf.since < CANDLES_MS) return;
  state.candles = await server.look(state.secret, "candles", query);
  state.candlesOf = { key, since: now };
}

async function loadPanel(state) {
  const { secret, panel } = state;
  state.accounts = await server.look(secret, "accounts");
  const users = state.accounts.filter((account) => !account.is_house);
  if (!users.some(({ username }) => username === state.account)) {
    state.account = users[0]?.username ?? "";
  }
  state.users = users.map(({ username }) => username);
  const own = { account: state.account, limit: ROWS };
  if (panel === "orders") state.orders = await server.look(secret, "orders", own);
  if (panel === "transfers") state.transfers = await server.look(secret, "transfers", own);
  if (panel === "requests") state.requests = await server.look(secret, "requests", { limit: ROWS });
  if (panel === "faults") {
    state.faults = await server.look(secret, "faults");
    state.operations ??= await operations();
  }
}

async function operations() {
  const { paths } = await server.description();
  return Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .map((operation) => operation.operationId);
}
