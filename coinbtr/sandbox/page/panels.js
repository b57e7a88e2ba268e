// What lies below the market, one panel at a time: accounts, orders, transfers, requests.

import { number } from "./exact.js";
import { numberField, submitted } from "./forms.js";
import { amount, empty, moment, side, table } from "./show.js";
import { html, nothing } from "./vendor/lit-html.js";

/** Balances of one account, and a form that credits it. */
export function accounts({ accounts, account, coins }, act) {
  const shown = accounts.find(({ username }) => username === account);
  if (!shown) return empty("There is no such account.");
  const columns = [
    ["Coin", "", (balance) => balance.coin],
    ["Available", "number", (balance) => amount(balance.available)],
    ["In orders", "number", (balance) => amount(balance.frozen)],
    ["Pending", "number", (balance) => amount(balance.pending)],
    ["Total", "number", (balance) => amount(balance.total)],
  ];
  const credit = (fields) => {
    const coin = fields.get("coin");
    const body = { account, coin, amount: number(fields.get("amount")) };
    body.confirmed = !fields.has("pending");
    return act(`Credited ${fields.get("amount")} ${coin} to ${account}.`, "credit", body);
  };
  return html`${table(`Balances of ${account}`, columns, shown.balances)}
    <form class="row" @submit=${submitted(credit)}>
      <label>Coin <select name="coin">${coins.map((coin) => html`<option>${coin}</option>`)}</select></label>
      ${numberField("Amount", "amount", { isRequired: true })}
      <label class="tick"><input type="checkbox" name="pending" /> waits for blocks</label>
      <button>Credit ${account}</button>
    </form>`;
}

/** Open orders of one account. */
export function orders({ orders, account }) {
  if (!orders.length) return empty(`${account} has no open orders.`);
  return table(
    `Open orders of ${account}`,
    [
      ["Id", "", (order) => order.id],
      ["Book", "", (order) => order.market],
      ["Side", "", (order) => side(order.side)],
      ["Price", "number", (order) => amount(order.price)],
      ["Left", "number", (order) => amount(order.amount)],
      ["Filled", "number", (order) => amount(order.filled)],
      ["Placed", "", (order) => moment(order.created_at)],
    ],
    orders,
  );
}

/** Deposits and withdrawals of one account; what hasn't ended can be made to. */
export function transfers({ transfers, account }, act) {
  if (!transfers.length) return empty(`${account} has no deposits and no withdrawals.`);
  const end = (transfer, verb, past) => html`<button
    type="button"
    aria-label="${verb} ${transfer.kind} ${transfer.id}"
    @click=${() => act(`The ${transfer.kind} ${transfer.id} ${past}.`, `transfers/${verb}`, { id: number(transfer.id) })}
  >
    ${verb}
  </button>`;
  const ended = ({ status }) => status === "confirmed" || status === "failed";
  return table(
    `Deposits and withdrawals of ${account}`,
    [
      ["Id", "", (transfer) => transfer.id],
      ["Kind", "", (transfer) => transfer.kind],
      ["Amount", "number", (transfer) => html`${amount(transfer.amount)} ${transfer.coin}`],
      ["Fee", "number", (transfer) => amount(transfer.fee)],
      ["Status", "", (transfer) => transfer.status],
      ["Blocks", "number", (transfer) => transfer.confirmations],
      ["Since", "", (transfer) => moment(transfer.created_at)],
      [
        "End it",
        "",
        (transfer) =>
          ended(transfer)
            ? nothing
            : html`${end(transfer, "confirm", "is confirmed")} ${end(transfer, "fail", "has failed")}`,
      ],
    ],
    transfers,
  );
}

/** What the exchange was asked lately. */
export function requests({ requests }, act) {
  if (!requests.length) return empty("Nobody has asked the exchange anything yet.");
  const columns = [
    ["Time", "", (request) => moment(request.time)],
    ["Operation", "", (request) => request.operation ?? `${request.method} ${request.path}`],
    ["Account", "", (request) => request.account ?? nothing],
    ["Faults", "", (request) => request.faults.join(", ") || nothing],
    ["Status", "number", (request) => status(request.status)],
  ];
  return html`${table("Latest requests", columns, requests)}
    <div class="row">
      <button type="button" @click=${() => act("The list of requests is empty.", "requests/clear")}>
        Forget these
      </button>
    </div>`;
}

function status(code) {
  if (code === null) return html`<span class="sell">no answer</span>`;
  return html`<span class=${code.startsWith("2") ? "" : "sell"}>${code}</span>`;
}
