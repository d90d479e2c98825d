// Calls the server for which the packages were made; tsc checks it against their types, Node.js runs what tsc makes of it.

import assert from "node:assert/strict";
import { Client as Guestbook, type GuestbookStoredGreeting } from "guestbook-client";
import { ApiError, Client, decodeBytes, encodeBytes, type AlltypesEverything, type WideOdd } from "wide-client";

const greetings = new Guestbook().greetings;
const wide = new Client();

async function guestbook(): Promise<void> {
  const made: GuestbookStoredGreeting = await greetings.insert({ requestBody: { message: "from TypeScript ☃" } });
  assert.equal(typeof made.id, "string");
  assert.deepEqual(await greetings.get({ id: made.id! }), { id: made.id, message: "from TypeScript ☃" });
  const page = await greetings.list({ limit: 1 });
  assert.equal(page.items?.length, 1);
  const next = await greetings.list({ limit: 1, pageToken: page.nextPageToken });
  assert.notDeepEqual(next.items, page.items);
  assert.ok((await greetings.list()).items);
  assert.deepEqual(await greetings.multiply({ times: 3, requestBody: { message: "ab" } }), { message: "ababab" });
  await assert.rejects(greetings.get({ id: "1" }), { status: 404, reason: "notFound", message: "There is no greeting 1" });
}

async function everything(): Promise<void> {
  const bytes = new Uint8Array([0xfb, 0xff, 0x00]);
  const m = { label: "x", weight: 1.5, color: "RED" } as const;
  const sent: AlltypesEverything = {
    s: "grüß Gott ☃", b: false, y: encodeBytes(bytes), f: 0.25, d: -1e300, i32: -(2 ** 31), i64: "9223372036854775807",
    u32: 2 ** 32 - 1, u64: "18446744073709551615", e: "BLUE", t: "2014-02-08T12:00:05.123456+01:00", m,
  };
  const answer = await wide.everything.echo({ requestBody: sent });
  const { y, ...others } = answer;
  assert.deepEqual(decodeBytes(y!), bytes);
  assert.deepEqual({ y: sent.y, ...others }, sent);
  const lists = { s: ["a", ""], i64: ["-1"], e: ["RED", "BLUE"] satisfies AlltypesEverything["e"][], m: [m, {}] };
  assert.deepEqual(await wide.lists.echo({ requestBody: lists }), lists);
  assert.deepEqual(await wide.defaults.echo({ requestBody: { i64: "0" } }), { i64: "0" });
  const seen = await wide.required.see({ requestBody: { s: "x", i: "3", m } });
  assert.ok(seen.lines?.includes("s: text x"));
}

async function odd(): Promise<void> {
  const sent: WideOdd = { class: "1", from: "2", d: "3", cls: "4", self: "5", größe: "6", constructor: "7", then: "8" };
  // What is awaited must not have a method called then; a text is none.
  assert.deepEqual(await wide.odd.class({ name: "a%b ö&+", client: "me", requestBody: sent }), sent);
  const path = { flag: true, e: "RED", i64: "9007199254740993", m_label: "a&b", "m.weight": 0.5 } as const;
  assert.deepEqual((await wide.path(path)).lines, [
    "e: RED=1", "flag: true", "i64: int 9007199254740993", "m: {color: null, label: text a&b, weight: float 0.5}",
  ]);
  const query = { body: "-5", params: ["a&b", "c"], t: "2014-02-08T12:00:05+01:00", "m.label": "x", b: true };
  assert.deepEqual((await wide.query({ ...query, e: ["RED", "BLUE"] })).lines, [
    "b: true", "body: int -5", "class: text first", "e: [RED=1, BLUE=7]",
    "m: {color: null, label: text x, weight: null}", "params: [text a&b, text c]", "t: 2014-02-08T12:00:05+01:00",
  ]);
}

async function answersAndErrors(): Promise<void> {
  assert.equal(await wide.nothing.delete(), undefined);
  const gone: unknown = await wide.caller.gone().catch((error: unknown) => error);
  assert.ok(gone instanceof ApiError && gone instanceof Error);
  assert.equal(`${gone.status} ${gone.reason} ${gone.name}: ${gone.message}`, "410 movedAway ApiError: It was here");
  assert.deepEqual(gone.errors, [{ domain: "shelves", reason: "movedAway", message: "It was here" }]);
  assert.deepEqual(gone.details, [{ "@type": "type.example/Shelf", shelf: 4 }]);
  assert.match(gone.headers.get("Content-Type")!, /^application\/json/);
  const page = () => Promise.resolve(new Response("<h1>Bad gateway</h1>", { status: 502 }));
  await assert.rejects(new Client({ fetch: page }).nothing.delete(), {
    status: 502, reason: undefined, message: "HTTP status 502", body: "<h1>Bad gateway</h1>", errors: [], details: [],
  });
}

async function settings(): Promise<void> {
  const headers = { "X-Further": "yes" };
  const known = { authorization: "Bearer secret", key: "a&b", header: "yes" };
  for (const token of ["secret", () => "secret", async () => "secret"]) {
    assert.deepEqual(await new Client({ token, key: "a&b", headers }).caller_(), known);
  }
  assert.deepEqual(await wide.caller_({}, { headers }), { header: "yes" });
  assert.deepEqual(await wide.caller_(), {});
  await assert.rejects(wide.nothing.delete({}, { signal: AbortSignal.abort() }), { name: "AbortError" });
  const urls: unknown[] = [];
  const fetch: typeof globalThis.fetch = async (url) => {
    urls.push(url);
    return new Response(null, { status: 204 });
  };
  const elsewhere = new Client({ baseUrl: "https://elsewhere.example/api/", fetch });
  await elsewhere.nothing.delete();
  await elsewhere.odd.class({ name: "a/b?c#d%", client: "e&f" });
  const root = "https://elsewhere.example/api/wide/v2";
  assert.deepEqual(urls, [`${root}/nothing`, `${root}/odd/a%2Fb%3Fc%23d%25?client=e%26f`]);
  for (const name of ["", ".", ".."]) await assert.rejects(wide.odd.class({ name }), TypeError, name);
}

async function streams(): Promise<void> {
  const labels: (string | undefined)[] = [];
  for await (const each of await wide.numbers.count({ upto: "3" })) labels.push(each.label);
  assert.deepEqual(labels, ["größe 0", "größe 1", "größe 2"]);
  for await (const each of await wide.numbers.count({ upto: "100000" })) {
    assert.equal(each.label, "größe 0");
    break;
  }
  const broken = await wide.numbers.count({ upto: "1", fail: true });
  await assert.rejects(async () => {
    for await (const each of broken) assert.equal(each.label, "größe 0");
  }, { status: 410, message: "No more" });
}

await guestbook();
await streams();
await everything();
await odd();
await answersAndErrors();
await settings();
