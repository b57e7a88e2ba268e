// Asks this server, and no other: the exchange's public API, and its control plane with the secret.

import { parse, stringify } from "./exact.js";

const API = "/api/v1";
const CONTROL = "/_sandbox";
const PATIENCE_MS = 8000;

/** No answer came. */
export class Gone extends Error {}

/** The server answered, and said no. */
export class Refused extends Error {
  constructor(status, code, sentence) {
    super(sentence);
    this.status = status;
    this.code = code;
  }
}

/** Ask a public operation of the exchange. */
export const market = (path, query) => send("GET", `${API}/market/${path}${written(query)}`);

/** Ask the control plane. */
export const look = (secret, path, query) =>
  send("GET", `${CONTROL}/${path}${written(query)}`, secret);

/** Change something by the control plane. */
export const change = (secret, path, body) => send("POST", `${CONTROL}/${path}`, secret, body);

/** Tell that this is the sandbox, and its time; needs no secret. */
export const health = () => send("GET", `${CONTROL}/health`);

/** Get the description of the exchange's API. */
export const description = () => send("GET", "/page/coinbtr.json");

function written(query) {
  return query ? `?${new URLSearchParams(query)}` : "";
}

async function send(method, path, secret, body) {
  const headers = {};
  if (secret) headers.Authorization = `Secret ${secret}`;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  let text;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body && stringify(body),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    text = await response.text();
  } catch {
    throw new Gone("The sandbox doesn't answer.");
  }
  let answer;
  try {
    answer = parse(text);
  } catch {
    throw new Refused(response.status, "unreadable", `Status ${response.status}, and no JSON.`);
  }
  if (answer.success === false) {
    throw new Refused(response.status, answer.msg?.code, answer.msg?.error ?? "Refused.");
  }
  return answer.success === true ? answer.data : answer;
}
