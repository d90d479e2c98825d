/** The page of one method: its form, the request as code, its answer. */

import { about } from "./about.js";
import { answerView } from "./answer.js";
import { bodyOf } from "./body.js";
import { codeView } from "./code_view.js";
import * as credentials from "./credentials.js";
import { copyButton, fill, freshId, h } from "./dom.js";
import { link } from "./links.js";
import { parameters } from "./parameters.js";
import { request, texts, uploadType } from "./request.js";
import { send } from "./send.js";

/** `actions` is {openAccount(part), remember(entry)}. Returns {element, execute, put(values, body), focus}. */
export function methodView(method, actions) {
  const body = bodyOf(method.requestBody, method.schemas);
  // How media is sent hangs on what the editor of the body holds.
  const asked = method.parameters.filter(({ name }) => !(body?.uploads && name === "uploadType"));
  const inputs = parameters(asked, method.schemas);
  const types = method.answers.filter((type) => !type.includes("*"));
  const accept = types.length > 1 ? acceptChoice(types) : null;
  const answers = answerView(actions);
  const complaints = h("div", { class: "complaints", role: "alert" });
  const caller = h("p", { class: "caller" });
  const code = codeView(update);
  const title = h("h1", { tabindex: "-1" }, method.name);
  const execute = h("button", { type: "submit", class: "main", "aria-keyshortcuts": "Control+Enter" }, "Execute");
  let running = null;

  const form = h(
    "form",
    {
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        run();
      },
      oninput: update,
    },
    inputs.own.length > 0 && part("Parameters", inputs.own),
    body && part("Request body", body.element),
    asked.length === 0 && !body && h("p", { class: "note" }, "The method takes no parameters."),
    h("details", { class: "part" }, h("summary", {}, "Standard parameters"), inputs.standard),
    accept?.element,
    complaints,
    h(
      "div",
      { class: "actions" },
      execute,
      h("button", { type: "button", class: "quiet", onclick: reset }, "Reset"),
      copyButton(() => new URL(link(method, given(), body?.get()?.text), location.href).href, "Copy link"),
      caller,
    ),
  );
  const outcome = h(
    "div",
    { class: "outcome" },
    part("Answer", answers.element),
    part("Request as code", code.element),
  );
  const element = h("article", { class: "method" }, about(method, title), h("div", { class: "halves" }, form, outcome));

  credentials.onChange(update);
  update();

  function values() {
    const media = texts(uploadType(body?.get()) ?? undefined);
    const how = { name: "uploadType", in: "query", value: media[0], texts: media };
    return [...inputs.values(), how].filter((each) => each.texts.length > 0);
  }

  function given() {
    return values().flatMap(({ name, texts: each }) => each.map((text) => [name, text]));
  }

  function shown() {
    const token = credentials.token();
    const key = credentials.apiKey();
    return code.isOpen() ? { key, token } : { key: key && "YOUR_API_KEY", token: token && "YOUR_TOKEN" };
  }

  function update() {
    const made = request(method, values(), body?.get(), shown(), accept?.get());
    code.show(method, values(), body?.get(), made, shown());
    const session = credentials.current();
    const who = session
      ? `Calling as ${session.name}.`
      : { required: "Nobody is signed in.", optional: "Nobody is signed in.", none: "" }[method.token];
    const missing = method.needsKey && !credentials.apiKey() ? "No API key is set." : "";
    fill(
      caller,
      [who, missing].filter(Boolean).join(" "),
      (who || missing) && " ",
      (who || missing) &&
        h(
          "button",
          {
            type: "button",
            class: "quiet small",
            onclick: () => actions.openAccount(session || !missing ? "sign-in" : "key"),
          },
          session ? "Change" : "Credentials",
        ),
    );
  }

  function reset() {
    inputs.reset();
    body?.reset();
    complaints.replaceChildren();
    update();
    title.focus();
  }

  function run(anyway = false) {
    const wrong = [...inputs.check(), ...(body?.check() ?? [])];
    complaints.replaceChildren();
    if (wrong.length === 0 || anyway) return transmit();
    const told = wrong.map(({ name, text }) => `${name} ${text}`).join("; ");
    fill(
      complaints,
      h("p", {}, wrong.length === 1 ? `${told}.` : `${wrong.length} values need a look: ${told}.`),
      !wrong.some((each) => each.isFinal) &&
        h("button", { type: "button", class: "quiet small", onclick: () => run(true) }, "Send it all the same"),
    );
    wrong[0].focus();
    return undefined;
  }

  async function transmit() {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    const context = {
      needsKey: method.needsKey,
      hasToken: credentials.token() !== "",
      expired: credentials.hasExpired(),
      name: method.name,
    };
    const entry = { method, values: given(), body: body?.get()?.text ?? "" };
    const made = request(
      method,
      values(),
      body?.get(),
      { key: credentials.apiKey(), token: credentials.token() },
      accept?.get(),
    );
    answers.wait(() => mine.abort());
    const isCurrent = (act) => (value) => running === mine && act(value);
    const answer = await send(made, mine.signal, { begun: isCurrent(answers.begin), piece: isCurrent(answers.piece) });
    actions.remember({ ...entry, status: answer.status ?? 0, time: answer.time });
    if (running !== mine) return;
    running = null;
    answers.show(answer, context);
    bringIntoView(answers.element);
  }

  return {
    element,
    execute: () => run(),
    put(pairs, text) {
      inputs.put(pairs);
      if (body) text ? body.set(text) : body.reset();
      update();
    },
    focus: () => title.focus(),
  };
}

/** Scroll to an element, unless its beginning can be seen. */
function bringIntoView(element) {
  const { top } = element.getBoundingClientRect();
  if (top < 0 || top > window.innerHeight - 120) element.scrollIntoView({ block: "start" });
}

function part(name, ...content) {
  const id = freshId("part");
  return h("section", { class: "part", "aria-labelledby": id }, h("h2", { id }, name), content);
}

function acceptChoice(types) {
  const id = freshId("accept");
  const choice = h(
    "select",
    { id },
    types.map((type) => h("option", { value: type }, type)),
  );
  return {
    element: h("div", { class: "field" }, h("label", { for: id }, "Answer as"), choice),
    get: () => choice.value,
  };
}
