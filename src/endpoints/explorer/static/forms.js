/** Controls for objects and lists, made of those of controls.js. What is nested is made when it is opened. */

import { anything, scalar } from "./controls.js";
import { freshId, h, paragraphs } from "./dom.js";
import { fits, kindOf, resolve, typeName } from "./kinds.js";

/** The control for a field: {name, spoken, schema, schemas, required, description, multiline, isItem}. */
export function control(field) {
  const { schema } = resolve(field.schema, field.schemas);
  const meant = { ...field, schema, reference: field.schema };
  switch (kindOf(schema)) {
    case "object":
      return optionalObject(meant);
    case "array":
      return list(meant);
    case "any":
      return anything(meant);
    default:
      return scalar(meant);
  }
}

/** The members of an object, without anything around them. Members that the schema does not know are kept. */
export function members({ schema, schemas, spoken }) {
  const required = new Set(schema.required ?? []);
  const controls = Object.entries(schema.properties ?? {}).map(([name, of]) => [
    name,
    control({
      name,
      spoken: spoken ? `${spoken}.${name}` : name,
      schema: of,
      schemas,
      required: required.has(name),
      description: of.$ref ? resolve(of, schemas).schema.description : null,
      multiline: true,
    }),
  ]);
  const known = new Set(controls.map(([name]) => name));
  const note = h("p", { class: "note", hidden: true });
  let unknown = {};

  return {
    element: h(
      "div",
      { class: "members" },
      controls.map(([, each]) => each.element),
      controls.length === 0 && h("p", { class: "note" }, "It has no fields."),
      note,
    ),
    get() {
      const values = controls.map(([name, each]) => [name, each.get()]).filter(([, value]) => value !== undefined);
      return { ...Object.fromEntries(values), ...unknown };
    },
    set(value) {
      const given = fits("object", value) ? value : {};
      for (const [name, each] of controls)
        each.set(Object.hasOwn(given, name) ? (given[name] ?? undefined) : undefined);
      unknown = Object.fromEntries(Object.entries(given).filter(([name]) => !known.has(name)));
      const names = Object.keys(unknown);
      note.hidden = names.length === 0;
      note.textContent = `Sent as well, though the form does not know it: ${names.join(", ")}.`;
    },
    check: () => controls.flatMap(([, each]) => each.check()),
    focus: () => controls[0]?.[1].focus(),
  };
}

/** An object that may be absent: closed until somebody adds it, so that schemas may hold themselves. */
function optionalObject(field) {
  const element = h("div", { class: "field nested" });
  let inner = null;
  let odd; // what came instead of an object

  function title() {
    return [
      h("span", { class: "name" }, field.name),
      " ",
      h("span", { class: "type" }, typeName(field.reference, field.schemas)),
      field.required && !field.isItem && h("span", { class: "required" }, " required"),
    ];
  }

  function close() {
    inner = null;
    const button = h(
      "button",
      { type: "button", class: "quiet small", "aria-label": `Add ${field.spoken}`, onclick: opened },
      "Add",
    );
    const problem = h("p", { class: "problem" });
    element.replaceChildren(h("div", { class: "closed" }, h("span", {}, title()), button), problem);
    element.problem = problem;
    element.button = button;
  }

  function open() {
    odd = undefined;
    inner = members(field);
    const id = freshId("legend");
    const button = h(
      "button",
      { type: "button", class: "quiet small", "aria-label": `Remove ${field.spoken}`, onclick: closed },
      "Remove",
    );
    const legend = h("div", { class: "legend" }, h("span", { id }, title()), !field.isItem && button);
    element.replaceChildren(
      h(
        "div",
        { role: "group", "aria-labelledby": id, class: "group" },
        legend,
        field.description && h("div", { class: "hint" }, paragraphs(field.description)),
        inner.element,
      ),
    );
  }

  function opened() {
    open();
    inner.focus();
    changed(element);
  }

  function closed() {
    odd = undefined;
    close();
    element.button.focus();
    changed(element);
  }

  close();
  return {
    element,
    get: () => (inner ? inner.get() : odd),
    set(value) {
      odd = undefined;
      if (fits("object", value)) {
        if (!inner) open();
        inner.set(value);
      } else {
        close();
        odd = value;
        if (value !== undefined) element.problem.textContent = `${field.name} must be an object.`;
      }
    },
    check() {
      if (inner) return inner.check();
      const text = odd !== undefined ? "must be an object" : field.required ? "is required" : null;
      element.problem.textContent = text ? `${field.name} ${text}.` : "";
      return text ? [{ name: field.spoken, text, focus: () => element.button.focus() }] : [];
    },
    focus: () => (inner ?? element.button).focus(),
  };
}

/** A list: items are added at its end and removed anywhere. */
function list(field) {
  const entries = h("ol", { class: "items" });
  const button = h(
    "button",
    { type: "button", class: "quiet small", "aria-label": `Add an item to ${field.spoken}`, onclick: addOne },
    "Add an item",
  );
  const problem = h("p", { class: "problem" });
  const id = freshId("legend");
  const element = h(
    "div",
    { class: "field list", role: "group", "aria-labelledby": id },
    h(
      "div",
      { class: "legend" },
      h(
        "span",
        { id },
        h("span", { class: "name" }, field.name),
        " ",
        h("span", { class: "type" }, typeName(field.reference, field.schemas)),
        field.required && h("span", { class: "required" }, " required"),
      ),
    ),
    field.description && h("div", { class: "hint" }, paragraphs(field.description)),
    entries,
    button,
    problem,
  );
  let items = [];
  let odd; // what came instead of a list

  function append() {
    const place = { name: "", control: null, row: h("li", {}) };
    const remove = h("button", { type: "button", class: "quiet small", onclick: () => removeOne(place) }, "Remove");
    const spoken = `${field.spoken}[${items.length}]`;
    place.control = control({
      name: spoken,
      spoken,
      schema: field.schema.items ?? {},
      schemas: field.schemas,
      required: true,
      isItem: true,
      multiline: true,
    });
    remove.setAttribute("aria-label", `Remove ${spoken}`);
    if (isObject(field)) place.control.set({});
    place.row.append(place.control.element, remove);
    entries.append(place.row);
    items.push(place);
    return place;
  }

  function addOne() {
    odd = undefined;
    append().control.focus();
    changed(element);
  }

  function removeOne(place) {
    const kept = items.filter((each) => each !== place).map((each) => each.control.get());
    rebuild(kept); // the others are called by their new numbers
    button.focus();
    changed(element);
  }

  function rebuild(values) {
    items = [];
    entries.replaceChildren();
    for (const value of values) append().control.set(value);
  }

  return {
    element,
    get() {
      if (odd !== undefined) return odd;
      return items.length ? items.map((each) => each.control.get() ?? emptyItem(field)) : undefined;
    },
    set(value) {
      odd = value === undefined || fits("array", value) ? undefined : value;
      rebuild(fits("array", value) ? value : []);
      problem.textContent = odd === undefined ? "" : `${field.name} must be a list.`;
    },
    check() {
      const text = odd !== undefined ? "must be a list" : field.required && !items.length ? "is required" : null;
      problem.textContent = text ? `${field.name} ${text}.` : "";
      const own = text ? [{ name: field.spoken, text, focus: () => button.focus() }] : [];
      return [...own, ...items.flatMap((each) => each.control.check())];
    },
    focus: () => (items[0]?.control ?? button).focus(),
  };
}

function isObject(field) {
  return kindOf(resolve(field.schema.items ?? {}, field.schemas).schema) === "object";
}

/** What stands for an item that nothing was typed into yet. */
function emptyItem(field) {
  return isObject(field) ? {} : kindOf(resolve(field.schema.items ?? {}, field.schemas).schema) === "text" ? "" : null;
}

/** Tell whoever listens further out that a value has changed. */
function changed(element) {
  element.dispatchEvent(new Event("input", { bubbles: true }));
}
