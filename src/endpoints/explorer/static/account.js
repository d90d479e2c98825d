/** The dialog of credentials: API key, signing in and out, pasting a token. */

import { announce, fill, freshId, h } from "./dom.js";
import * as credentials from "./credentials.js";
import { signIn } from "./oidc.js";

/** Make the dialog. `ways` are the issuers of the settings. Returns {open(part), label()}. */
export function account(ways) {
  const person = h("div");
  const problem = h("p", { class: "problem", role: "alert" });
  const key = secret("API key", (value) => credentials.setApiKey(value));
  const pasted = secret("Token", () => {});
  const title = freshId("title");
  const use = h(
    "button",
    {
      type: "button",
      onclick: () =>
        attempt(() => {
          credentials.paste(pasted.input.value);
          pasted.input.value = "";
        }),
    },
    "Use this token",
  );
  const dialog = h(
    "dialog",
    { "aria-labelledby": title, class: "account" },
    h(
      "div",
      { class: "legend" },
      h("h2", { id: title }, "Credentials"),
      h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close"),
    ),
    h("p", { class: "hint" }, "They stay in the memory of this page and are forgotten when it is closed or reloaded."),
    h(
      "section",
      {},
      h("h3", {}, "Who is calling"),
      person,
      problem,
      h("details", { open: ways.length === 0 }, h("summary", {}, "Paste a token"), pasted.element, use),
    ),
    h("section", {}, h("h3", {}, "API key"), key.element),
  );
  let waiting = null;
  document.body.append(dialog);
  dialog.addEventListener("close", () => waiting?.abort());
  credentials.onChange(show);
  show();

  function show() {
    const session = credentials.current();
    if (waiting) {
      fill(
        person,
        h(
          "p",
          { class: "loading" },
          "Sign in in the window that has opened. ",
          h("button", { type: "button", class: "quiet small", onclick: () => waiting.abort() }, "Cancel"),
        ),
      );
    } else if (session) {
      fill(person, signedIn(session));
    } else {
      fill(
        person,
        ways.length > 0
          ? h(
              "p",
              { class: "buttons" },
              ways.map((way) => h("button", { type: "button", onclick: () => begin(way) }, `Sign in with ${way.name}`)),
            )
          : h("p", { class: "note" }, "This server's explorer is registered with no issuer; tokens can be pasted."),
      );
    }
  }

  async function begin(way) {
    const popup = window.open("about:blank", "endpoints-explorer-sign-in", "popup,width=520,height=680");
    if (!popup) {
      problem.textContent = "The browser has not opened a window. Allow windows for this page, and try again.";
      return;
    }
    waiting = new AbortController();
    show();
    try {
      const answer = await signIn(way, popup, waiting.signal);
      waiting = null;
      attempt(() => credentials.signIn(way.name, answer, way.token));
    } catch (error) {
      waiting = null;
      popup.close();
      problem.textContent = error.message;
      show();
    }
    person.querySelector("button")?.focus();
  }

  function attempt(act) {
    problem.textContent = "";
    try {
      act();
      announce(`Calling as ${credentials.current().name}.`);
    } catch (error) {
      problem.textContent = error.message;
    }
  }

  return {
    open(part) {
      problem.textContent = "";
      show();
      dialog.showModal();
      if (part === "key") key.input.focus();
      else person.querySelector("button")?.focus();
    },
    label() {
      const session = credentials.current();
      return session ? session.name : credentials.apiKey() ? "API key set" : "Credentials";
    },
  };
}

function signedIn({ by, tokens, chosen, name, expires }) {
  const kinds = Object.keys(tokens);
  const labels = { access_token: "access token", id_token: "ID token", pasted: "pasted token" };
  const until =
    expires === null
      ? ""
      : credentials.hasExpired()
        ? "It has expired."
        : `It expires at ${new Date(expires).toLocaleTimeString()}.`;
  const id = freshId("kind");
  return [
    h("p", {}, "Calling as ", h("strong", { class: "person" }, name), by ? `, signed in with ${by}. ` : ". ", until),
    kinds.length > 1 &&
      h(
        "p",
        { class: "field" },
        h("label", { for: id }, "Send the "),
        h(
          "select",
          { id, onchange: (event) => credentials.choose(event.target.value) },
          kinds.map((kind) => h("option", { value: kind, selected: kind === chosen }, labels[kind])),
        ),
      ),
    h("p", { class: "buttons" }, h("button", { type: "button", onclick: () => credentials.signOut() }, "Sign out")),
  ];
}

/** An input whose text is shown only when asked for. */
function secret(label, changed) {
  const id = freshId("secret");
  const input = h("input", {
    id,
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => changed(input.value),
  });
  const button = h(
    "button",
    { type: "button", class: "quiet small", "aria-pressed": "false", onclick: toggle },
    "Show",
  );
  function toggle() {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.setAttribute("aria-pressed", String(hidden));
  }
  return {
    input,
    element: h("div", { class: "field" }, h("label", { for: id }, label), h("div", { class: "value" }, input, button)),
  };
}
