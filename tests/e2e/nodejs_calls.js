// Calls a server through npm's googleapis, knowing nothing but its address; a failed assertion is the exit status.
'use strict';

const assert = require('node:assert/strict');
const {google} = require('googleapis');

const api = (name, version) =>
  google.discoverAPI(`${process.argv[2]}/_ah/api/discovery/v1/apis/${name}/${version}/rest`);

async function fields() {
  const calls = await api('fields', 'v1');
  const sent = {
    s: 'grüß Gott ☃', b: false, y: '+/8/', f: 0.25, d: -1e300, i32: -(2 ** 31), i64: '9223372036854775807',
    u32: 2 ** 32 - 1, u64: '18446744073709551615', e: 'BLUE', t: '2014-02-08T03:09:05.123456',
    m: {label: 'x', weight: 1.5, color: 'RED'},
  };
  assert.deepEqual((await calls.single({requestBody: sent})).data, sent);
  const lists = {s: ['a', ''], i64: ['-1'], e: ['RED', 'BLUE'], m: [{label: 'x'}, {}]};
  assert.deepEqual((await calls.repeated({requestBody: lists})).data, lists);
  const {lines} = (await calls.query({s: 'a&b=c', i64: '-5', b: true, e: 'GREEN', 'm.label': 'x'})).data;
  for (const line of ['s: text a&b=c', 'i64: int -5', 'b: true', 'e: GREEN=2']) {
    assert.ok(lines.includes(line), lines.join('\n'));
  }
  assert.ok(lines.includes('m: {color: null, label: text x, weight: null}'), lines.join('\n'));
}

async function params() {
  const calls = await api('params', 'v1');
  const requestBody = {name: 'Ann', home: {city: 'Bonn'}};
  const {text} = (await calls.people.update({id: 3, verbose: true, token: ['a', 'b'], requestBody})).data;
  assert.equal(text, '3 | True | SMALL | 10 | - | a,b | Ann | - | Bonn | - | ');
  assert.equal((await calls.needed.delete({a: 'x y', b: 1})).status, 204);
}

async function guestbook() {
  const {greetings} = await api('guestbook', 'v0.2');
  const {id} = (await greetings.insert({requestBody: {message: 'from Node.js'}})).data;
  assert.deepEqual((await greetings.get({id})).data, {id, message: 'from Node.js'});
  const page = (await greetings.list({limit: 1})).data;
  assert.deepEqual(page.items, [{id: '9001', message: 'Hello, world!'}]);
  const next = (await greetings.list({limit: 1, pageToken: page.nextPageToken})).data;
  assert.equal(next.items.length, 1);
  await assert.rejects(greetings.get({id: 1}), error => {
    assert.equal(error.response.status, 404);
    assert.equal(error.response.data.error.errors[0].reason, 'notFound');
    return error.message === 'There is no greeting 1';
  });
}

(async () => {
  await fields();
  await params();
  await guestbook();
})().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
