/** Shows an answer: status, time and size, what went wrong in plain words, content and headers. */

import { announce, copyButton, fill, h, save } from "./dom.js";
import { explain } from "./explain.js";
import { jsonText } from "./json_text.js";
import { tabs } from "./tabs.js";

const MOST_SHOWN = 2_000_000; // characters; what is longer can be saved
const MOST_LINES = 2000;

/**
 * Where answers are shown. `actions` is {openAccount}.
 * Returns {element, wait(stop), begin(head), piece(text), show(answer, context)}.
 */
export function answerView(actions) {
  const place = h("div", { class: "answer" }, h("p", { class: "note" }, "Nothing has been sent yet."));
  let lines = null;
  let kept = "";

  function wait(stop) {
    lines = null;
    kept = "";
    fill(
      place,
      h(
        "p",
        { class: "loading" },
        "Waiting for the answer … ",
        h("button", { type: "button", class: "quiet small", onclick: stop }, "Stop"),
      ),
    );
    announce("Sent.");
  }

  function begin(head) {
    lines = h("ol", { class: "lines", tabindex: "0", "aria-label": "What has come so far" });
    const stop = place.querySelector("button");
    fill(place, status(head), h("p", { class: "loading" }, "More is to come. ", stop), lines);
  }

  function piece(text) {
    const parts = (kept + text).split(/\r?\n/);
    kept = parts.pop();
    for (const part of parts.filter(Boolean)) append(part);
  }

  function append(text) {
    lines.append(h("li", {}, jsonText(text.replace(/^data: ?/, "")))); // of events, the data is what people look for
    if (lines.childElementCount > MOST_LINES) lines.firstElementChild.remove();
  }

  function show(answer, context) {
    if (answer.isStream && lines) {
      if (kept) append(kept);
      const note = answer.failure ?? "This was all.";
      fill(place, status(answer), h("p", { class: "note" }, note), headersOf(answer), lines);
      announce(note);
      return;
    }
    if (answer.failure) {
      fill(place, h("p", { class: "status bad" }, h("strong", {}, "No answer")), h("p", {}, answer.failure));
      announce(answer.failure);
      return;
    }
    const meant = explain({ ...answer, text: answer.text ?? "" }, context);
    fill(place, status(answer), meant && explanation(meant, context, actions), content(answer, context));
    announce(`Answer: ${answer.status} ${answer.reason} ${meant?.message ?? meant?.meaning ?? ""}`);
  }

  return { element: place, wait, begin, piece, show };
}

function status({ status: code, reason, time, size }) {
  const good = code < 400 ? "good" : "bad";
  return h(
    "p",
    { class: `status ${good}` },
    h("strong", {}, `${code} ${reason}`.trim()),
    time !== undefined && h("span", {}, `${Math.round(time)} ms`),
    size !== undefined && h("span", {}, bytes(size)),
  );
}

function bytes(size) {
  if (size < 1000) return size === 1 ? "1 byte" : `${size} bytes`;
  return size < 1e6 ? `${(size / 1e3).toFixed(1)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}

function explanation(meant, { hasToken, expired }, { openAccount }) {
  const help = {
    "sign-in": [
      h(
        "p",
        {},
        expired
          ? "The token has expired."
          : hasToken
            ? "The token was sent, and was not accepted."
            : "No token was sent.",
      ),
      h("button", { type: "button", onclick: () => openAccount("sign-in") }, "Sign in"),
    ],
    key: [
      h("p", {}, "The method counts its callers by API keys."),
      h("button", { type: "button", onclick: () => openAccount("key") }, "Set the API key"),
    ],
  }[meant.advice];
  return h(
    "div",
    { class: "explained" },
    h("p", {}, meant.meaning),
    meant.message && h("p", { class: "message" }, meant.message),
    meant.errors.map(({ reason, message, location }) =>
      h(
        "dl",
        {},
        [
          ["Reason", reason],
          ["Message", message],
          ["Where", location],
        ]
          .filter(([, value]) => value)
          .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
      ),
    ),
    meant.wait && h("p", {}, meant.wait),
    help,
  );
}

function content(answer, { name }) {
  const { text, blob, type } = answer;
  const whole = blob ?? new Blob([text], { type });
  const isEmpty = whole.size === 0;
  const shown = isEmpty
    ? h("p", { class: "note" }, "The answer is empty.")
    : blob
      ? h("p", { class: "note" }, `${type}: it can be saved.`)
      : text.length > MOST_SHOWN
        ? [
            h("p", { class: "note" }, "This is its beginning; save it to see all of it."),
            jsonText(text.slice(0, MOST_SHOWN)),
          ]
        : jsonText(text);
  const buttons =
    !isEmpty &&
    h(
      "p",
      { class: "buttons" },
      text !== undefined && copyButton(() => text),
      h("button", { type: "button", class: "quiet small", onclick: () => save(whole, name + ending(type)) }, "Save"),
    );
  return tabs("Answer", [
    { name: "Content", content: h("div", {}, shown, buttons) },
    { name: "Headers", content: table(answer.headers) },
  ]).element;
}

function ending(type) {
  return /json/.test(type) ? ".json" : /^text\//.test(type) ? ".txt" : "";
}

function headersOf({ headers }) {
  return h("details", {}, h("summary", {}, "Headers"), table(headers));
}

function table(headers) {
  return h(
    "table",
    { class: "headers" },
    h(
      "tbody",
      {},
      headers.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value))),
    ),
  );
}
