// Uploads and downloads through npm's googleapis; a failed assertion is the exit status.
'use strict';

const assert = require('node:assert/strict');
const {createHash} = require('node:crypto');
const {Readable} = require('node:stream');
const {google} = require('googleapis');

const content = Buffer.from(Array.from({length: 300_000}, (_, index) => index % 251));
const digest = createHash('sha256').update(content).digest('hex');

(async () => {
  const {files} = await google.discoverAPI(`${process.argv[2]}/_ah/api/discovery/v1/apis/files/v1/rest`);
  const media = () => ({mimeType: 'image/png', body: Readable.from([content.subarray(0, 1000), content.subarray(1000)])});
  const simple = (await files.insert({media: media()})).data;
  assert.deepEqual(simple, {name: 'unnamed', size: '300000', type: 'image/png', digest});
  const both = (await files.insert({requestBody: {name: 'node', note: 'ü'}, media: media()})).data;
  assert.deepEqual(both, {name: 'node', note: 'ü', size: '300000', type: 'image/png', digest});
  const text = (await files.update({name: 'text', requestBody: {note: 'n'}, media: {mimeType: 'text/plain', body: 'hi\r\n'}})).data;
  assert.equal(text.size, '4');
  assert.deepEqual((await files.get({name: 'node'})).data, {name: 'node', size: '300000'});
  const bytes = async answer => Buffer.from(await answer.data.arrayBuffer());
  assert.ok(content.equals(await bytes(await files.get({name: 'node', alt: 'media'}))));
  const part = await files.get({name: 'node', alt: 'media', headers: {Range: 'bytes=10-19'}});
  assert.equal(part.status, 206);
  assert.ok(content.subarray(10, 20).equals(await bytes(part)));
  await assert.rejects(files.get({name: 'nowhere', alt: 'media'}), error => error.response.status === 404);
})().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
