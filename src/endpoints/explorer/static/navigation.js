/** The list of APIs and methods at the side, and the search over it. */

import { add, announce, fill, freshId, h } from "./dom.js";
import { link } from "./links.js";
import { search } from "./search.js";

/** Build the list into `place`. Returns {update(apis), mark(method), focusSearch()}. */
export function navigation(place) {
  const input = h("input", {
    type: "search",
    id: "search",
    placeholder: "Find a method",
    autocomplete: "off",
    spellcheck: "false",
    "aria-keyshortcuts": "/",
    oninput: show,
    onkeydown: keys,
  });
  const count = h("p", { class: "unseen", role: "status" });
  const list = h("div", { class: "list", onkeydown: keys });
  let apis = [];
  let current = null;
  fill(
    place,
    h(
      "div",
      { class: "search", role: "search" },
      h("label", { for: "search", class: "unseen" }, "Find a method"),
      input,
      h("kbd", { "aria-hidden": "true" }, "/"),
    ),
    count,
    list,
  );

  /** Write the list anew; who was on one of its links stays there. */
  function show() {
    const held = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    write();
    if (held) [...list.querySelectorAll("a")].find((each) => each.getAttribute("href") === held)?.focus();
  }

  function write() {
    const query = input.value.trim();
    if (!query) {
      count.textContent = "";
      fill(
        list,
        apis.map((api) => tree(api, current)),
      );
      return;
    }
    const found = search(apis, query);
    count.textContent = found.length === 1 ? "1 method" : `${found.length} methods`;
    fill(
      list,
      found.length
        ? h(
            "ul",
            { class: "results" },
            found.map((method) => h("li", {}, entry(method, current, `${method.api.name} ${method.api.version}`))),
          )
        : h("p", { class: "note" }, "No method is called so."),
    );
  }

  function keys(event) {
    const links = [...list.querySelectorAll("a")].filter((each) => each.offsetParent !== null);
    const here = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") links[Math.min(here + 1, links.length - 1)]?.focus();
    else if (event.key === "ArrowUp") (here > 0 ? links[here - 1] : input).focus();
    else if (event.key === "Enter" && event.target === input) links[0]?.click();
    else if (event.key === "Escape" && input.value) {
      input.value = "";
      input.focus();
      show();
    } else return;
    event.preventDefault();
  }

  return {
    update(all) {
      apis = all;
      show();
    },
    mark(method) {
      current = method;
      show();
      list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    },
    focusSearch() {
      input.focus();
      input.select();
      announce("Search");
    },
  };
}

/** One API with its methods by resource. */
function tree(api, current) {
  const title = freshId("api");
  const section = h(
    "section",
    { "aria-labelledby": title },
    h("h2", { id: title }, api.title, " ", h("span", { class: "version" }, api.version)),
  );
  if (api.problem) add(section, h("p", { class: "problem" }, api.problem));
  const resources = new Set(api.methods.map((method) => method.resource));
  for (const resource of resources) {
    const methods = api.methods.filter((method) => method.resource === resource);
    add(
      section,
      resource && h("h3", {}, resource),
      h(
        "ul",
        {},
        methods.map((method) => h("li", {}, entry(method, current))),
      ),
    );
  }
  return section;
}

function entry(method, current, where = null) {
  return h(
    "a",
    {
      href: link(method),
      "aria-current": method === current ? "page" : null,
      class: method.deprecated ? "deprecated" : null,
    },
    h("span", { class: `verb ${method.verb.toLowerCase()}` }, method.verb),
    h("span", { class: "title" }, where ? method.name : method.short, where && h("span", { class: "where" }, where)),
  );
}
