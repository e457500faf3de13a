// Makes TypeScript types of all that is said over the sockets: `Frame` is what the server tells, `Command` what a client asks
// for, each told apart by its `type`.
const { readFileSync, writeFileSync } = require("node:fs");
const { compile } = require("json-schema-to-typescript");

const [from, to] = process.argv.slice(2);
const { components, operations } = JSON.parse(readFileSync(from, "utf8").replaceAll("#/components/schemas/", "#/definitions/"));
const name = (kind) => kind.split(/[._]/).map((word) => word[0].toUpperCase() + word.slice(1)).join("");
const kinds = (operation) => operations[operation].messages.map(({ $ref }) => $ref.split("/").pop());
const commands = Object.keys(operations).filter((key) => operations[key].reply);
const definitions = { ...components.schemas };
const one = (kind, ending) => {
    const { payload, description } = components.messages[kind];
    if (payload.$ref) return payload;
    definitions[name(kind) + ending] = { ...payload, description };
    return { $ref: `#/definitions/${name(kind)}${ending}` };
};
const schema = {
    title: "Protocol",
    type: "object",
    properties: {
        frame: { title: "Frame", oneOf: kinds("gateway_frames").map((kind) => one(kind, "Frame")) },
        command: { title: "Command", oneOf: commands.map((kind) => one(kind, "Command")) },
    },
    required: ["frame", "command"],
    definitions,
};
// A reference with a description beside it would become a type of its own.
const closed = (part) => {
    if (part && typeof part === "object") {
        if (part.$ref) Object.keys(part).filter((key) => key !== "$ref").forEach((key) => delete part[key]);
        if (part.type === "object" && part.properties) part.additionalProperties ??= false;
        Object.values(part).forEach(closed);
    }
};
closed(schema);
compile(schema, "Protocol", { bannerComment: "", additionalProperties: false, unreachableDefinitions: false }).then((text) => writeFileSync(to, text));
