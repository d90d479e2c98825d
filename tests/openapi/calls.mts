// Calls a server through openapi-fetch, with the types of its documents; a failed assertion is the exit status.
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';

import type {components, paths as AllTypes} from './alltypes.js';
import type {paths as Guestbook} from './guestbook.js';
import type {paths as Params} from './params.js';
import type {paths as Torture} from './torture.js';

const baseUrl = `${process.argv[2]}/_ah/api`;
const alltypes = createClient<AllTypes>({baseUrl});
const guestbook = createClient<Guestbook>({baseUrl});
const params = createClient<Params>({baseUrl});
const torture = createClient<Torture>({baseUrl});

async function parameters() {
  const {data} = await params.POST('/params/v1/people/{id}', {
    params: {path: {id: 3}, query: {verbose: true, size: 'LARGE', token: ['a', 'b&c']}},
    body: {name: 'Ann', home: {city: 'Bonn', zip: 53111}, tags: ['t']},
  });
  assert.equal(data?.text, '3 | True | LARGE | 10 | - | a,b&c | Ann | - | Bonn | 53111 | t');
  const path = {a: 'x y', b: 1};
  const {response} = await params.DELETE('/params/v1/needed/{a}/of/{b}', {params: {path, query: {}}});
  assert.equal(response.status, 204);
  const nested = await params.GET('/params/v1/nested/{where_city}/{who_home_zip}', {
    params: {path: {where_city: 'Köln', who_home_zip: 5}, query: {'who.name': 'Ann'}},
  });
  assert.equal(nested.data?.text, 'Ann | 5 | - | Köln | -');
  // @ts-expect-error: an enum has names
  await params.POST('/params/v1/people/{id}', {params: {path: {id: 3}, query: {size: 'TINY'}}, body: {}});
  // @ts-expect-error: a variable of the path is missing
  await params.DELETE('/params/v1/needed/{a}/of/{b}', {params: {path: {a: 'x'}}});
}

async function everyType() {
  const body: components['schemas']['AlltypesEverything'] = {
    s: 'grüß Gott ☃', b: false, y: '+/8=', f: 0.25, d: -1e300, i32: -(2 ** 31), i64: '9223372036854775807',
    u32: 2 ** 32 - 1, u64: '18446744073709551615', e: 'BLUE', t: '2014-02-08T03:09:05.123456+00:00',
    m: {label: 'x', weight: 1.5, color: 'RED'},
  };
  assert.deepEqual((await alltypes.POST('/alltypes/v1/body', {body})).data, body);
  const lists = {s: ['a', ''], i64: ['-1'], m: [{label: 'x'}, {}], t: ['2014-02-08T03:09:05+01:30']};
  assert.deepEqual((await alltypes.POST('/alltypes/v1/lists', {body: lists})).data, lists);
  const query = {s: 'a&b=c', i64: '-5', b: true, e: 'GREEN', 'm.label': 'x'} as const;
  const lines = (await alltypes.GET('/alltypes/v1/query', {params: {query}})).data?.lines ?? [];
  for (const line of ['s: text a&b=c', 'i64: int -5', 'b: true', 'e: GREEN=2']) assert.ok(lines.includes(line), line);
  const listed = await alltypes.GET('/alltypes/v1/listquery', {
    params: {query: {e: ['RED', 'BLUE'], i64: ['1', '2']}},
  });
  const spelt = listed.data?.lines ?? [];
  assert.ok(spelt.includes('e: [RED=1, BLUE=7]') && spelt.includes('i64: [int 1, int 2]'), spelt.join('\n'));
  // @ts-expect-error: 64-bit integers are text
  await alltypes.POST('/alltypes/v1/body', {body: {i64: 5}});
}

async function errors() {
  const written = await guestbook.POST('/guestbook/v0.2/greetings', {body: {message: 'from TypeScript'}});
  const id = written.data?.id;
  assert.ok(id);
  const path = '/guestbook/v0.2/greetings/{id}';
  assert.deepEqual((await guestbook.GET(path, {params: {path: {id}}})).data, {id, message: 'from TypeScript'});
  const {data, error, response} = await guestbook.GET(path, {params: {path: {id: '1'}}});
  assert.equal(data, undefined);
  assert.equal(response.status, 404);
  assert.equal(error?.error.code, 404);
  assert.equal(error?.error.errors[0]?.reason, 'notFound');
}

async function everyVerb() {
  const body = {label: 'x'};
  for (const {data} of [
    await torture.POST('/torture/v2/verbs', {body}),
    await torture.PUT('/torture/v2/verbs', {body}),
    await torture.PATCH('/torture/v2/verbs', {body}),
    await torture.OPTIONS('/torture/v2/verbs', {body}),
  ]) {
    assert.deepEqual(data, body);
  }
  assert.deepEqual((await torture.GET('/torture/v2/verbs', {params: {query: {label: 'x'}}})).data, body);
  const {response} = await torture.GET('/torture/v2/refused');
  assert.equal(response.status, 409);
}

await parameters();
await everyType();
await errors();
await everyVerb();
