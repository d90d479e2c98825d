// Writes the TypeScript types of OpenAPI documents: node types.mjs FOLDER NAME=ADDRESS ...
import fs from 'node:fs';
import path from 'node:path';
import openapiTS, {astToString} from 'openapi-typescript';

const [folder, ...documents] = process.argv.slice(2);
for (const document of documents) {
  const [name, address] = document.split('=');
  // A field that has a default may be left out all the same, by both sides.
  const types = await openapiTS(new URL(address), {defaultNonNullable: false});
  fs.writeFileSync(path.join(folder, `${name}.ts`), astToString(types));
}
