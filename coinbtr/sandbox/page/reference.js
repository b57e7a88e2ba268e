// The API reference: of the exchange, or with `?control` of the sandbox's control plane.

const wanted = location.search === "?control" ? "/reference?control" : "/reference";
for (const link of document.querySelectorAll("nav a[data-source]")) {
  if (link.getAttribute("href") === wanted) {
    link.setAttribute("aria-current", "page");
    show(link.dataset.source);
  }
}

function show(source) {
  const explorer = document.createElement("openapi-explorer");
  explorer.setAttribute("spec-url", source);
  explorer.setAttribute("hide-console", "");
  explorer.setAttribute("hide-server-selection", "");
  explorer.setAttribute("hide-authentication", "");
  document.getElementById("reference").append(explorer);
}
