/**
 * Controls for single values. Every control, here and in forms.js, is an object of
 *   element, get() -> JSON value or undefined where nothing is sent, set(value), check() -> list of complaints,
 *   and focus(). A complaint is {name, text, focus}, and `isFinal` where nothing can be sent all the same.
 */

import { freshId, h, paragraphs } from "./dom.js";
import { readJson } from "./json_text.js";
import { hints, kindOf, read, rfc3339, typeName } from "./kinds.js";

/**
 * A control for a value that is no object and no list.
 * `field` is {name, spoken, schema, schemas, required, description, multiline, isItem, inPath}; `spoken` is the whole
 * name, and an item of a list is removed rather than left empty.
 */
export function scalar(field) {
  const kind = kindOf(field.schema);
  const input = inputOf(kind, field);
  const parts = frame(field, input);
  let present = false; // an empty string is sent where it was given as JSON, and not where nothing was typed
  let odd; // a value of another type, kept as it came until somebody changes it

  input.addEventListener("input", () => {
    present = false;
    odd = undefined;
    if (input.hasAttribute("aria-invalid")) show(problem());
  });

  function problem() {
    const text = input.value;
    if (text === "" && !present) return field.required ? "is required" : null;
    return read(field.schema, text).problem ?? (leadsElsewhere() ? "cannot be sent in a path" : null);
  }

  /** Such a path is that of another method: browsers take the dots for steps (https://url.spec.whatwg.org). */
  function leadsElsewhere() {
    return field.inPath && ["", ".", ".."].includes(read(field.schema, input.value).value);
  }

  function show(text) {
    parts.problem.textContent = text ? `${field.name} ${text}.` : "";
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  return {
    element: parts.element,
    get() {
      if (odd !== undefined) return odd;
      if (input.value === "" && !present) return undefined;
      return read(field.schema, input.value).value;
    },
    set(value) {
      const text = value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
      if (input.tagName === "SELECT") offer(input, text);
      input.value = text;
      present = value !== undefined;
      odd = present && read(field.schema, input.value).value !== value && typeof value !== "string" ? value : undefined;
      show(null);
    },
    check() {
      const text = problem();
      show(text);
      return text ? [{ name: field.spoken, text, focus: () => input.focus(), isFinal: leadsElsewhere() }] : [];
    },
    focus: () => input.focus(),
  };
}

/** A control for what has no form of its own: any JSON, typed as text. */
export function anything(field) {
  const input = h("textarea", { id: freshId("value"), rows: 3, spellcheck: "false", class: "code" });
  const parts = frame({ ...field, schema: {} }, input);

  function parsed() {
    if (!input.value.trim()) return { problem: field.required ? "is required" : null };
    try {
      return { value: readJson(input.value), problem: null };
    } catch {
      return { value: input.value, problem: "must be JSON" };
    }
  }

  return {
    element: parts.element,
    get: () => parsed().value,
    set(value) {
      input.value = value === undefined ? "" : JSON.stringify(value, null, 2);
    },
    check() {
      const { problem } = parsed();
      parts.problem.textContent = problem ? `${field.name} ${problem}.` : "";
      return problem ? [{ name: field.spoken, text: problem, focus: () => input.focus() }] : [];
    },
    focus: () => input.focus(),
  };
}

function inputOf(kind, field) {
  const id = freshId("value");
  const common = { id, spellcheck: "false", autocomplete: "off", "aria-required": field.required ? "true" : null };
  const fallback = field.schema.default;
  if (kind === "enum" || kind === "boolean") {
    const choices = kind === "enum" ? field.schema.enum : ["true", "false"];
    const unset = field.required ? "choose" : fallback === undefined ? "not sent" : `not sent (default: ${fallback})`;
    return h(
      "select",
      common,
      h("option", { value: "" }, unset),
      choices.map((each) => h("option", { value: each }, each)),
    );
  }
  const placeholder = fallback === undefined ? null : String(fallback);
  if (kind === "bytes" || (kind === "text" && field.multiline)) {
    return h("textarea", { ...common, rows: 1, placeholder, class: kind === "bytes" ? "code" : null });
  }
  const numeric = { integer: "numeric", long: "numeric", number: "decimal" }[kind];
  return h("input", { ...common, type: "text", inputmode: numeric, placeholder });
}

function offer(select, text) {
  if (![...select.options].some((option) => option.value === text)) select.append(h("option", { value: text }, text));
}

/** The label of a control, what helps to fill it in, and a place for what is wrong with it. */
function frame(field, input) {
  const kind = kindOf(field.schema);
  const problem = h("p", { class: "problem", id: freshId("problem") });
  const notes = [field.description, ...hints(field.schema)].filter(
    (note, index, all) => note && all.indexOf(note) === index,
  );
  const hint = notes.length > 0 && h("div", { class: "hint", id: freshId("hint") }, notes.map(paragraphs));
  const type = h("span", { class: "type", id: freshId("type") }, typeName(field.schema, field.schemas));
  input.setAttribute("aria-label", field.spoken);
  input.setAttribute("aria-describedby", [type.id, hint && hint.id, problem.id].filter(Boolean).join(" "));
  const label = h(
    "label",
    { for: input.id },
    h("span", { class: "name" }, field.name),
    " ",
    type,
    field.required && !field.isItem && h("span", { class: "required" }, " required"),
  );
  const helper = { date: now, bytes: file }[kind]?.(input, field);
  return {
    problem,
    element: h("div", { class: `field ${kind}` }, label, h("div", { class: "value" }, input, helper), hint, problem),
  };
}

/** Pick a moment by the browser's own calendar; it is written into the text as RFC 3339. */
function now(input, field) {
  const picker = h("input", {
    type: "datetime-local",
    step: "1",
    "aria-label": `pick ${field.spoken}`,
    class: "picker",
  });
  picker.addEventListener("input", (event) => {
    event.stopPropagation();
    if (picker.value) write(input, rfc3339(new Date(picker.value)));
  });
  const button = h(
    "button",
    {
      type: "button",
      class: "quiet small",
      "aria-label": `${field.spoken}: now`,
      onclick: () => write(input, rfc3339(new Date())),
    },
    "Now",
  );
  return [picker, button];
}

/** Take the bytes of a file; they are written into the text in base64. */
function file(input, field) {
  const chooser = h("input", { type: "file", "aria-label": `file for ${field.spoken}`, class: "picker" });
  chooser.addEventListener("input", async (event) => {
    event.stopPropagation();
    if (!chooser.files[0]) return;
    const bytes = new Uint8Array(await chooser.files[0].arrayBuffer());
    let text = "";
    for (let start = 0; start < bytes.length; start += 8190)
      text += btoa(String.fromCharCode(...bytes.subarray(start, start + 8190)));
    write(input, text);
  });
  return chooser;
}

function write(input, text) {
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
