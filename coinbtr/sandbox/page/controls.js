// What goes wrong on purpose, and what moves the exchange as a whole.

import { html, nothing } from "./vendor/lit-html.js";
import { number } from "./exact.js";
import { submitted } from "./panels.js";
import { empty, moment, table } from "./show.js";

/** What can go wrong, in the words of the control plane and of people. */
export const KINDS = {
  latency: "The answer is late",
  rate_limited: "429 with Retry-After",
  server_error: "An error of the server (5xx)",
  html_page: "An HTML page instead of JSON",
  wrong_content_type: "The wrong content type",
  wrong_type: "A field of the wrong type",
  truncated_body: "Half of the body",
  drop_answer: "Done, and the answer is lost",
  reset_before: "Connection reset before the request is done",
  reset_during: "Connection reset while answering",
  stale_read: "An old answer to a read",
  duplicate_delivery: "The request is done twice",
};

/** Faults in force, each with a button that ends it, and a form for a further one. */
export function faults({ faults, operations }, act) {
  const add = (fields) => {
    const kind = fields.get("kind");
    const body = { kind };
    const operation = fields.get("operation");
    if (operation) body.operation = operation;
    if (fields.get("share")) body.share = number(fields.get("share"));
    if (fields.get("count")) body.count = number(fields.get("count"));
    return act(`Switched on: ${KINDS[kind]}.`, "faults/add", body);
  };
  const remove = (fault) =>
    act(`Switched off: ${KINDS[fault.kind] ?? fault.kind}.`, "faults/remove", { id: number(fault.id) });
  const columns = [
    ["Fault", "", (fault) => KINDS[fault.kind] ?? fault.kind],
    ["Operation", "", (fault) => fault.operation ?? "all"],
    ["Share", "number", (fault) => fault.share],
    ["Times left", "number", (fault) => fault.left ?? "no end"],
    [
      "",
      "",
      (fault) => html`<button type="button" @click=${() => remove(fault)}>
        Switch off<span class="unseen"> ${KINDS[fault.kind] ?? fault.kind}, fault ${fault.id}</span>
      </button>`,
    ],
  ];
  return html`${faults.length ? table("Faults in force", columns, faults) : empty("Nothing goes wrong on purpose.")}
    <form class="row" @submit=${submitted(add)}>
      <label>Fault
        <select name="kind">
          ${Object.entries(KINDS).map(([kind, words]) => html`<option value=${kind}>${words}</option>`)}
        </select>
      </label>
      <label>Operation
        <select name="operation">
          <option value="">all</option>
          ${operations.map((name) => html`<option>${name}</option>`)}
        </select>
      </label>
      <label>Share <input name="share" inputmode="decimal" autocomplete="off" placeholder="1" size="6" /></label>
      <label>Times <input name="count" inputmode="numeric" autocomplete="off" placeholder="no end" size="6" /></label>
      <button>Switch on</button>
      ${faults.length
        ? html`<button type="button" @click=${() => act("All faults are off.", "faults/clear")}>All off</button>`
        : nothing}
    </form>`;
}

/** The clock, the live market, and the way back to the beginning. */
export function exchange({ overview }, act) {
  const { counts } = overview;
  const facts = [
    ["Time", moment(overview.time)],
    ["Clock moved on by", `${overview.skipped_seconds} s`],
    ["Seed", overview.seed],
    ["Journal", overview.journal],
    ["Version", overview.version],
    ["Accounts", counts.accounts],
    ["Open orders", counts.open_orders],
    ["Requests", counts.requests],
  ];
  const live = overview.live
    ? ["Stop the live market", "The market stands still.", "live/stop"]
    : ["Let the market trade on its own", "The market trades on its own.", "live/start"];
  const advance = (fields) =>
    act(`The clock was moved on by ${fields.get("seconds")} s.`, "clock/advance", {
      seconds: number(fields.get("seconds")),
    });
  const reset = () => {
    if (confirm("Put the exchange back to its beginning? Orders, trades and transfers are gone then.")) {
      act("The exchange is as new.", "reset");
    }
  };
  return html`<dl class="facts">
      ${facts.map(([title, value]) => html`<div><dt>${title}</dt><dd>${value}</dd></div>`)}
    </dl>
    <form class="row" @submit=${submitted(advance)}>
      <label>Seconds <input name="seconds" inputmode="decimal" autocomplete="off" required size="8" /></label>
      <button>Move the clock on</button>
    </form>
    <div class="row">
      <button type="button" @click=${() => act(live[1], live[2])}>${live[0]}</button>
      <button type="button" class="halt" @click=${reset}>Back to the beginning</button>
    </div>`;
}
