/** The body of a request: a form and its JSON, in step with each other. The JSON is what is sent, as it stands. */

import { h, fill } from "./dom.js";
import { members } from "./forms.js";
import { readJson } from "./json_text.js";
import { fits, kindOf, resolve } from "./kinds.js";
import { tabs } from "./tabs.js";

const RELATED = "multipart/related";

/**
 * The editor for a request body of an OpenAPI document; null without one. What it holds is {type, text} or
 * {type, file}, or {type, text, file} for both in one body; `uploads` says whether files are among what it takes.
 */
export function bodyOf(requestBody, schemas) {
  const types = Object.keys(requestBody?.content ?? {});
  if (types.length === 0) return null;
  const isRequired = requestBody.required === true;
  const editors = types.map((type) => {
    const { schema = {} } = requestBody.content[type];
    if (isJson(type)) return json(type, schema, schemas, isRequired);
    return type === RELATED ? related(schema, schemas, types) : upload(type, isRequired);
  });
  const editor = editors.length === 1 ? editors[0] : several(types, editors);
  return Object.assign(editor, { uploads: !types.every(isJson) });
}

function isJson(type) {
  return /^application\/([\w.+-]+\+)?json\b/.test(type);
}

function json(type, schema, schemas, required) {
  const { schema: meant } = resolve(schema, schemas);
  const form = kindOf(meant) === "object" ? members({ schema: meant, schemas, spoken: "" }) : null;
  const text = h("textarea", {
    class: "code json",
    rows: 12,
    spellcheck: "false",
    "aria-label": "Request body as JSON",
  });
  const problem = h("p", { class: "problem" });
  const sheet = h("div", {}, text, problem);
  text.value = form ? "{}" : "";

  form?.element.addEventListener("input", () => {
    text.value = JSON.stringify(form.get(), null, 2);
    problem.textContent = "";
  });
  text.addEventListener("input", () => {
    const read = parsed();
    problem.textContent = read.problem ?? "";
    if (form && !read.problem) form.set(read.value);
  });

  function parsed() {
    if (!text.value.trim()) return { value: undefined };
    try {
      const value = readJson(text.value);
      return form && !fits("object", value) ? { problem: "The body must be a JSON object." } : { value };
    } catch (error) {
      return { problem: `This is no JSON: ${error.message}` };
    }
  }

  const shown = form
    ? tabs("Request body", [
        { name: "Form", content: form.element },
        { name: "JSON", content: sheet },
      ])
    : null;
  return {
    element: shown?.element ?? sheet,
    get: () => (text.value.trim() ? { type, text: text.value } : null),
    set(value) {
      text.value = value;
      text.dispatchEvent(new Event("input", { bubbles: true }));
    },
    reset() {
      form?.set({});
      this.set(form ? "{}" : "");
    },
    check() {
      const wrong = parsed().problem;
      problem.textContent = wrong ?? "";
      if (wrong)
        return [
          {
            name: "The body",
            text: "cannot be read",
            focus: () => {
              shown?.select(1);
              text.focus();
            },
          },
        ];
      if (!text.value.trim()) {
        return required
          ? [
              {
                name: "The body",
                text: "is required",
                focus: () => {
                  shown?.select(1);
                  text.focus();
                },
              },
            ]
          : [];
      }
      const complaints = form ? form.check() : [];
      return complaints.map((each) => ({
        ...each,
        focus: () => {
          shown.select(0);
          each.focus();
        },
      }));
    },
  };
}

/** A file, sent as it is. */
function upload(type, required) {
  const chooser = h("input", {
    type: "file",
    "aria-label": "File to send",
    accept: type.includes("*/*") || type === "application/octet-stream" ? null : type,
  });
  const problem = h("p", { class: "problem" });
  return {
    element: h("div", { class: "field" }, chooser, h("p", { class: "hint" }, `Sent as it is (${type}).`), problem),
    get() {
      const file = chooser.files[0];
      return file ? { file, type: file.type || (type.includes("*") ? "application/octet-stream" : type) } : null;
    },
    set() {},
    reset() {
      chooser.value = "";
    },
    check() {
      const missing = required && !chooser.files[0];
      problem.textContent = missing ? "A file is required." : "";
      return missing ? [{ name: "The file", text: "is required", focus: () => chooser.focus() }] : [];
    },
  };
}

/** A document about a file and the file itself, as Google's APIs take them together. */
function related(schema, schemas, types) {
  const about = json("application/json", schema.properties?.metadata ?? {}, schemas, false);
  const file = upload(types.find((type) => !isJson(type) && type !== RELATED) ?? "application/octet-stream", true);
  return {
    element: h("div", {}, file.element, about.element),
    get() {
      const chosen = file.get();
      return chosen && { type: RELATED, text: about.get()?.text ?? "{}", file: chosen.file, fileType: chosen.type };
    },
    set: (text) => about.set(text),
    reset() {
      file.reset();
      about.reset();
    },
    check: () => [...file.check(), ...about.check()],
  };
}

/** One editor for each content type that the method takes. */
function several(types, editors) {
  const place = h("div");
  const choice = h(
    "select",
    { "aria-label": "Content type of the body" },
    types.map((type) => h("option", { value: type }, type)),
  );
  choice.selectedIndex = Math.max(types.findIndex(isJson), 0);
  const chosen = () => editors[choice.selectedIndex];
  choice.addEventListener("change", () => fill(place, chosen().element));
  fill(place, chosen().element);
  return {
    element: h("div", {}, h("div", { class: "field" }, choice), place),
    get: () => chosen().get(),
    set: (value) => chosen().set(value),
    reset: () => editors.forEach((each) => each.reset()),
    check: () => chosen().check(),
  };
}
