// Judges all documents of a folder: swagger-parser reads each, swagger2openapi converts those of 2.0 without repairing
// anything, and swagger-parser reads what came out. Prints a JSON object: findings by document.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const SwaggerParser = require('@apidevtools/swagger-parser');
const converter = require('swagger2openapi');

const WARNING = 'x-s2o-warning';
const folder = process.argv[2];

const parse = file => JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));

function warnings(value) {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, each]) => (key === WARNING ? [each] : warnings(each)));
}

async function convert(document) {
  const options = {warnOnly: false, patch: false, resolve: false, warnProperty: WARNING};
  const {openapi, patches} = await converter.convertObj(document, options);
  if (patches) throw new Error(`swagger2openapi has made ${patches} patches`);
  const found = warnings(openapi);
  if (found.length) throw new Error(`swagger2openapi warns: ${found.join('; ')}`);
  await SwaggerParser.validate(openapi);
}

async function findings(file) {
  const found = [];
  const judge = async (who, work) => work().catch(error => found.push(`${who}: ${error.message}`));
  await judge('swagger-parser', () => SwaggerParser.validate(parse(file)));
  if (parse(file).swagger) await judge('swagger2openapi', () => convert(parse(file)));
  return found;
}

(async () => {
  const judged = {};
  for (const file of fs.readdirSync(folder).filter(name => name.endsWith('.json'))) {
    judged[path.parse(file).name] = await findings(file);
  }
  console.log(JSON.stringify(judged));
})();
