/** What can be called: the directory of the server and the OpenAPI documents of its APIs, as one list of APIs. */

const BASE = new URL(".", location.href);
const AT_A_TIME = 4;
const VERBS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** The address of something below the base path that this explorer belongs to. */
export function address(path) {
  return new URL(path, BASE);
}

/** What the server has to say about its explorer: {apis, issuers}. */
export function settings() {
  return read("explorer/settings.json");
}

/**
 * All APIs by name and version, without their methods yet.
 * Each is {name, version, title, description, documentation, preferred, root, methods, isRead, problem}.
 */
export async function apis({ apis: roots }) {
  const { items = [] } = await read("discovery/v1/apis");
  return items.map(({ name, version, title, description, documentationLink, preferred }) => ({
    name,
    version,
    title: title ?? name,
    description,
    documentation: documentationLink,
    preferred,
    root: address(roots.find((each) => each.name === name && each.version === version)?.root ?? "./"),
    methods: [],
    isRead: false,
    problem: null,
  }));
}

/** Read the documents of APIs, some at a time, and tell of each that is complete. */
export async function complete(all, told) {
  const waiting = [...all];
  async function work() {
    while (waiting.length) {
      const api = waiting.shift();
      try {
        describe(api, await read(document(api, "openapi.json")));
      } catch (error) {
        api.problem = error.message;
      }
      api.isRead = true;
      told(api);
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
}

/** The path of a document of an API. */
export function document(api, kind) {
  return `discovery/v1/apis/${encodeURIComponent(api.name)}/${encodeURIComponent(api.version)}/${kind}`;
}

async function read(path) {
  let answer;
  try {
    answer = await fetch(address(path), { headers: { Accept: "application/json" } });
  } catch {
    throw new Error("The server cannot be reached.");
  }
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`);
  return answer.json();
}

function describe(api, found) {
  const { info, externalDocs, paths = {}, components = {} } = found;
  api.title = info.title;
  api.description = info.description ?? api.description;
  api.documentation = externalDocs?.url ?? api.documentation;
  for (const [path, item] of Object.entries(paths)) {
    for (const verb of VERBS) {
      if (item[verb]) api.methods.push(method(api, path, verb, item[verb], components, found.security ?? []));
    }
  }
  api.methods.sort((one, other) => one.resource.localeCompare(other.resource));
}

function method(api, path, verb, operation, components, security) {
  const id = operation["x-method-id"] ?? operation.operationId;
  const name = id.startsWith(`${api.name}.`) ? id.slice(api.name.length + 1) : id;
  const cut = name.lastIndexOf(".");
  return {
    api,
    id,
    name,
    resource: cut < 0 ? "" : name.slice(0, cut),
    short: name.slice(cut + 1),
    verb: verb.toUpperCase(),
    path,
    summary: operation.summary === id ? "" : (operation.summary ?? ""),
    description: operation.description ?? "",
    deprecated: operation.deprecated === true,
    parameters: operation.parameters ?? [],
    requestBody: operation.requestBody ?? null,
    answers: answerTypes(operation.responses ?? {}),
    schemas: components.schemas ?? {},
    ...asked(operation.security ?? security, components.securitySchemes ?? {}),
  };
}

/** The media types in which a method can answer, when it is done what it is asked to do. */
function answerTypes(responses) {
  const good = Object.entries(responses)
    .filter(([status]) => status.startsWith("2"))
    .map(([, each]) => Object.keys(each.content ?? {}));
  return [...new Set(good.flat())];
}

/**
 * What callers have to show: `needsKey`; `token`, which is `required`, `optional` or `none`; and `scopes`, of which one
 * has to be granted where tokens of Google are sent.
 */
function asked(alternatives, schemes) {
  const isKey = (name) => schemes[name]?.type === "apiKey";
  const naming = (test) => alternatives.filter((each) => Object.keys(each).some(test)).length;
  const tokens = naming((name) => !isKey(name));
  return {
    needsKey: alternatives.length > 0 && naming(isKey) === alternatives.length,
    token: tokens === 0 ? "none" : tokens === alternatives.length ? "required" : "optional",
    scopes: [...new Set(alternatives.flatMap((each) => Object.values(each).flat()))],
  };
}
