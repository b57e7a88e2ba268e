// What goes wrong on purpose, and what moves the exchange as a whole.

import { number } from "./exact.js";
import { numberField, submitted } from "./forms.js";
import { empty, moment, table } from "./show.js";
import { html, nothing } from "./vendor/lit-html.js";

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

/** The option of some kinds that the form offers: its name on the wire and its title. */
const OPTIONS = {
  latency: [["ms", "Milliseconds"]],
  rate_limited: [["retry_after", "Retry-After"]],
  server_error: [["status", "Status"]],
  html_page: [["status", "Status"]],
};

const SHARE = "[01](\\.[0-9]+)?|[1-9][0-9]*/[1-9][0-9]*";
const WHOLE = "[1-9][0-9]*";

/** Faults in force, each with a button that ends it, and a form for a further one. */
export function faults({ faults, operations, kind }, act, choose) {
  const options = OPTIONS[kind] ?? [];
  const add = (fields) => {
    const body = { kind, operations: fields.getAll("operation").filter(Boolean) };
    if (fields.get("share")) body.share = fields.get("share");
    for (const [name] of [["count"], ...options]) {
      if (fields.get(name)) body[name] = number(fields.get(name));
    }
    return act(`Switched on: ${words(kind)}.`, "faults/add", body);
  };
  const remove = (fault) =>
    act(`Switched off: ${words(fault.kind)}.`, "faults/remove", { id: number(fault.id) });
  const columns = [
    ["Fault", "", (fault) => words(fault.kind)],
    ["Operation", "", (fault) => fault.operations.join(", ") || "all"],
    ["Share", "number", (fault) => fault.share],
    [
      "Happened",
      "number",
      (fault) => (fault.count ? `${fault.done} of ${fault.count}` : fault.done),
    ],
    [
      "Switch off",
      "number",
      (fault) => html`<button
        type="button"
        aria-label="Switch off: ${words(fault.kind)}, fault ${fault.id}"
        @click=${() => remove(fault)}
      >
        Off
      </button>`,
    ],
  ];
  return html`${
    faults.length
      ? table("Faults in force", columns, faults)
      : empty("Nothing goes wrong on purpose.")
  }
    <form class="row" @submit=${submitted(add)}>
      <label>Fault
        <select name="kind" @change=${(event) => choose(event.target.value)}>
          ${Object.entries(KINDS).map(
            ([name, text]) =>
              html`<option value=${name} ?selected=${name === kind}>${text}</option>`,
          )}
        </select>
      </label>
      <label>Operation
        <select name="operation">
          <option value="">all</option>
          ${operations.map((name) => html`<option>${name}</option>`)}
        </select>
      </label>
      ${numberField("Share", "share", { hint: "1", pattern: SHARE })}
      ${numberField("Times", "count", { hint: "no end", pattern: WHOLE })}
      ${options.map(([name, title]) => numberField(title, name, { hint: "usual", pattern: WHOLE }))}
      <button>Switch on</button>
      ${
        faults.length
          ? html`<button type="button" @click=${() => act("All faults are off.", "faults/clear")}>All off</button>`
          : nothing
      }
    </form>`;
}

const words = (kind) => KINDS[kind] ?? kind;

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
    if (
      confirm("Put the exchange back to its beginning? Orders, trades and transfers are gone then.")
    ) {
      act("The exchange is as new.", "reset");
    }
  };
  return html`<dl class="facts">
      ${facts.map(([title, value]) => html`<div><dt>${title}</dt><dd>${value}</dd></div>`)}
    </dl>
    <form class="row" @submit=${submitted(advance)}>
      ${numberField("Seconds", "seconds", { isRequired: true })}
      <button>Move the clock on</button>
    </form>
    <div class="row">
      <button type="button" @click=${() => act(live[1], live[2])}>${live[0]}</button>
      <button type="button" class="halt" @click=${reset}>Back to the beginning</button>
    </div>`;
}
