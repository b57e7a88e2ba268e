// The control secret: taken from the address or typed once, and kept for this tab only.

const KEY = "coinbtr-sandbox-secret";

/** Take a secret out of the address bar, or give the one that this tab has; null for none. */
export function find() {
  const given = new URLSearchParams(location.hash.slice(1)).get("secret");
  if (given) {
    history.replaceState(null, "", location.pathname + location.search);
    keep(given);
  }
  return sessionStorage.getItem(KEY);
}

/** Keep a secret until the tab is closed. */
export const keep = (secret) => sessionStorage.setItem(KEY, secret);

/** Forget it now. */
export const forget = () => sessionStorage.removeItem(KEY);
