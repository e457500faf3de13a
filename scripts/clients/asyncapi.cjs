// Reads the AsyncAPI document as its own parser does; whatever it finds, a hint too, is shown and fails.
const { readFileSync } = require("node:fs");
const { Parser } = require("@asyncapi/parser");

new Parser().parse(readFileSync(process.argv[2], "utf8")).then(({ document, diagnostics }) => {
    // That another version of AsyncAPI has come out since is no fault of the document.
    const found = diagnostics.filter(({ code }) => code !== "asyncapi-latest-version");
    for (const { code, message, path } of found) console.log(`${code} at ${path.join("/")}: ${message}`);
    if (!document || found.length > 0) process.exit(1);
    const operations = document.operations().all().length;
    console.log(`asyncapi: ${document.allMessages().all().length} messages, ${operations} operations`);
    if (operations < 15) process.exit(1);
});
