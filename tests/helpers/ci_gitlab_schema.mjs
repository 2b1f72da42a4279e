// node ci_gitlab_schema.mjs NODE_MODULES FILE…: GitLab's own schema of .gitlab-ci.yml, held against files.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(modules + "/");
const { schema } = await import(pathToFileURL(modules + "/gitlab-ci-local/src/schema/schema.js").href);
const Ajv = require(modules + "/ajv");
const yaml = require(modules + "/yaml");
const ajv = new (Ajv.default ?? Ajv)({ strict: false, allErrors: true, validateFormats: false });
const check = ajv.compile(schema);
let bad = 0;
for (const name of files) {
  if (check(yaml.parse(readFileSync(name, "utf8")))) continue;
  for (const e of check.errors) console.log(`${name}: ${e.instancePath}: ${e.message}`);
  bad = 1;
}
process.exit(bad);
