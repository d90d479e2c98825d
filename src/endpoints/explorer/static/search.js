/** Finds methods by what people remember of them. */

/** The methods that hold every word of the query, best first. */
export function search(apis, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [];
  for (const method of apis.flatMap((api) => api.methods)) {
    const ranks = words.map((word) => rank(method, word));
    if (ranks.every((each) => each > 0)) found.push({ method, rank: ranks.reduce((sum, each) => sum + each, 0) });
  }
  return found.sort((one, other) => other.rank - one.rank).map((each) => each.method);
}

function rank(method, word) {
  const name = method.name.toLowerCase();
  if (name === word || method.short.toLowerCase() === word) return 16;
  if (name.startsWith(word) || method.short.toLowerCase().startsWith(word)) return 8;
  if (method.id.toLowerCase().includes(word)) return 4;
  if (`${method.verb} ${method.path} ${method.api.title} ${method.api.version}`.toLowerCase().includes(word)) return 2;
  return method.description.toLowerCase().includes(word) ? 1 : 0;
}
