/** What has been sent since the page was opened, without credentials, in memory only. */

import { fill, freshId, h } from "./dom.js";
import { link } from "./links.js";

const MOST = 100;

/** Returns {remember(entry), open()}; an entry is {method, values, body, status, time}. `again` opens one. */
export function history(again) {
  const entries = [];
  const title = freshId("title");
  const list = h("div");
  const dialog = h(
    "dialog",
    { "aria-labelledby": title },
    h(
      "div",
      { class: "legend" },
      h("h2", { id: title }, "History"),
      h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close"),
    ),
    list,
  );
  document.body.append(dialog);

  function row(entry) {
    const { method, values, body, status, time, at } = entry;
    const said = values.map(([name, text]) => `${name}=${text}`).join("  ");
    return h(
      "li",
      {},
      h(
        "a",
        {
          href: link(method, values, body),
          onclick: (event) => {
            event.preventDefault();
            dialog.close();
            again(entry);
          },
        },
        h("span", { class: `verb ${method.verb.toLowerCase()}` }, method.verb),
        h("span", { class: "title" }, method.name, h("span", { class: "where" }, said)),
      ),
      h(
        "span",
        { class: `status ${status < 400 ? "good" : "bad"}` },
        h("strong", {}, status || "no answer"),
        h("span", {}, `${Math.round(time)} ms`),
        h("time", { datetime: at.toISOString() }, at.toLocaleTimeString()),
      ),
    );
  }

  return {
    remember(entry) {
      entries.unshift({ ...entry, at: new Date() });
      entries.length = Math.min(entries.length, MOST);
    },
    open() {
      fill(
        list,
        entries.length
          ? [
              h("ol", { class: "history" }, entries.map(row)),
              h(
                "button",
                {
                  type: "button",
                  class: "quiet",
                  onclick: () => {
                    entries.length = 0;
                    this.open();
                  },
                },
                "Clear",
              ),
            ]
          : h("p", { class: "note" }, "Nothing has been sent yet."),
      );
      if (!dialog.open) dialog.showModal();
    },
  };
}
