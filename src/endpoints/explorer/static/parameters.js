/** The parameters of a method: those of its own, and those that every method of a Google API takes. */

import { control } from "./forms.js";
import { kindOf, resolve } from "./kinds.js";
import { texts } from "./request.js";

const STANDARD = [
  {
    name: "fields",
    description: "Which members to answer, such as items(id,author/name).",
    schema: { type: "string" },
  },
  { name: "prettyPrint", description: "Whether to indent the answer.", schema: { type: "boolean" } },
  {
    name: "quotaUser",
    description: "Any text that stands for a user; quotas count for each apart.",
    schema: { type: "string" },
  },
];

/**
 * Controls for parameters: {own, standard} are lists of elements, and values(), check(), reset() and put(pairs) are for
 * all of them. `asked` are those of the method.
 */
export function parameters(asked, schemas) {
  const own = asked.map((each) => single(each, schemas));
  const taken = new Set(own.map((each) => each.name));
  const standard = STANDARD.filter((each) => !taken.has(each.name)).map((each) => single({ ...each, in: "query" }, {}));
  const all = [...own, ...standard];
  return {
    own: own.map((each) => each.element),
    standard: standard.map((each) => each.element),
    values: () => all.map(({ name, in: place, get }) => ({ name, in: place, value: get(), texts: texts(get()) })),
    check: () => all.flatMap((each) => each.check()),
    reset: () => all.forEach((each) => each.set(undefined)),
    put: (pairs) =>
      all.forEach((each) => each.put(pairs.filter(([name]) => name === each.name).map(([, text]) => text))),
  };
}

function single(parameter, schemas) {
  const made = control({
    name: parameter.name,
    spoken: parameter.name,
    schema: parameter.schema ?? {},
    schemas,
    required: parameter.required === true,
    description: parameter.description,
    multiline: false,
    inPath: parameter.in === "path",
  });
  const isList = kindOf(resolve(parameter.schema, schemas).schema) === "array";
  return {
    ...made,
    name: parameter.name,
    in: parameter.in,
    /** Take texts, as they stand in an address. */
    put: (found) => made.set(found.length === 0 ? undefined : isList ? found : found.at(-1)),
  };
}
