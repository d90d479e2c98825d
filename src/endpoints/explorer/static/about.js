/** What a method is, above its form. */

import { h, outerLink, paragraphs } from "./dom.js";

/** The elements about a method, with its title among them. */
export function about(method, title) {
  const { api, resource, verb, deprecated, description, summary, needsKey, token, scopes } = method;
  const badges = [
    needsKey && "API key required",
    { required: "sign-in required", optional: "sign-in optional" }[token],
    ...scopes.map((scope) => `scope ${scope}`),
    deprecated && "deprecated",
  ];
  return [
    h(
      "p",
      { class: "crumbs" },
      h("a", { href: "#/" }, "APIs"),
      ` / ${api.title} ${api.version}`,
      resource && ` / ${resource}`,
    ),
    title,
    h(
      "p",
      { class: "signature" },
      h("span", { class: `verb ${verb.toLowerCase()}` }, verb),
      h("code", {}, api.root.pathname + method.path.slice(1)),
    ),
    h(
      "div",
      { class: "description" },
      paragraphs(description || summary),
      h("p", {}, outerLink(api.documentation, "Learn more")),
    ),
    h(
      "p",
      { class: "badges" },
      badges.filter(Boolean).map((each) => h("span", {}, each)),
    ),
  ];
}
