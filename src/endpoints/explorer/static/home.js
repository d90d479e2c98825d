/** The first page: the APIs of the server, what they are for, and where to learn more. */

import { address, document as documentOf } from "./catalog.js";
import { fill, h, outerLink, paragraphs } from "./dom.js";
import { link } from "./links.js";

export function home() {
  const title = h("h1", { tabindex: "-1" }, "APIs of this server");
  const cards = h("div", { class: "cards" });
  const element = h(
    "article",
    { class: "home" },
    title,
    cards,
    h(
      "section",
      { class: "keys" },
      h("h2", {}, "By keyboard"),
      h(
        "dl",
        {},
        [
          ["/", "find a method; arrows choose, Enter opens, Escape clears"],
          ["Ctrl + Enter", "execute the method that is shown (⌘ + Enter on a Mac)"],
          ["Tab", "everything else, in the order of the page"],
        ].map(([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, what))),
      ),
    ),
  );
  return { element, focus: () => title.focus(), update: (apis) => fill(cards, apis.map(card)) };
}

function card(api) {
  const first = api.methods[0];
  const discovery = address(documentOf(api, "rest")).href;
  const openapi = address(documentOf(api, "openapi.json")).href;
  return h(
    "section",
    { class: "card" },
    h(
      "h2",
      {},
      first ? h("a", { href: link(first) }, api.title) : api.title,
      " ",
      h("span", { class: "version" }, api.title === api.name ? api.version : `${api.name} ${api.version}`),
    ),
    paragraphs(api.description),
    api.problem && h("p", { class: "problem" }, api.problem),
    h("p", { class: "note" }, `${api.methods.length} ${api.methods.length === 1 ? "method" : "methods"}`),
    h(
      "p",
      { class: "links" },
      outerLink(api.documentation, "Learn more"),
      " ",
      h("a", { href: openapi }, "OpenAPI 3.1"),
      " ",
      h("a", { href: discovery }, "Discovery document"),
    ),
  );
}
