// One call by Pipedrive's own client: the address, a token, an API of it, a method, its parameters as JSON. Prints what
// the client hands out, or the refusal it gives up with, which is the body of the answer.
const [folder, base, token, api, method, asked] = process.argv.slice(2);
const { createRequire } = require("node:module");
const client = createRequire(`${folder}/`)("pipedrive/v2");
const settings = new client.Configuration({ basePath: base, apiKey: token });
new client[api](settings)[method](JSON.parse(asked))
  .then((told) => console.log(JSON.stringify({ told })))
  .catch((refused) => console.log(JSON.stringify({ refused: refused.success === false ? refused : String(refused) })));
