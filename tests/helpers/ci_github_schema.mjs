// node --import data:… ci_github_schema.mjs PARSER FILE…: what GitHub's own parser says of workflows and actions.
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { pathToFileURL } from "node:url";

// Its schemas are JSON, which node wants announced; the parser does not.
const hooks = `import { readFileSync } from "node:fs";
export async function load(url, context, next) {
  if (!url.endsWith(".json")) return next(url, context);
  return { format: "module", shortCircuit: true, source: "export default " + readFileSync(new URL(url), "utf8") };
}`;
register("data:text/javascript," + encodeURIComponent(hooks));

const [parser, ...files] = process.argv.slice(2);
const at = (name) => import(pathToFileURL(parser + "/dist/" + name).href);
const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await at("index.js");
const { parseAction } = await at("actions/index.js");
let bad = 0;
for (const name of files) {
  const file = { name, content: readFileSync(name, "utf8") };
  const workflow = !name.endsWith("action.yml");
  const result = (workflow ? parseWorkflow : parseAction)(file, new NoOperationTraceWriter());
  const errors = result.context.errors.getErrors().map((e) => e.message);
  if (workflow && !errors.length) {
    const template = await convertWorkflowTemplate(result.context, result.value);
    errors.push(...(template.errors ?? []).map((e) => e.Message));
  }
  for (const e of errors) console.log(e);
  bad += errors.length;
}
process.exit(bad ? 1 : 0);
