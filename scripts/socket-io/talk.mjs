// A conversation by the stock client of Socket.IO. Arguments: the transports, one word; then the addresses, of which each
// connection takes the next. Standard input: {"token", "other", "chat_id"}, two people in a chat with an empty log.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { io } from "socket.io-client";

const [way, ...bases] = process.argv.slice(2);
const { token, other, chat_id } = JSON.parse(readFileSync(0, "utf8"));
const transports = { websocket: ["websocket"], polling: ["polling"], upgrade: ["polling", "websocket"] }[way];
let connections = 0;

// Who was let in and is put out again does not come back by itself: nobody needs to wait for what it would hear.
let put_out;
const is_over = new Promise((_, reject) => (put_out = reject));
is_over.catch(() => {});

function within(promise, what) {
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error(`waited too long for ${what}`)), 90_000).unref());
    return Promise.race([promise, late, is_over]);
}

function connect(auth, more = {}) {
    const base = bases[connections++ % bases.length];
    const socket = io(base, { auth, transports, forceNew: true, reconnection: false, ...more });
    socket.heard = [];
    socket.on("disconnect", (reason, details) => {
        if (reason === "io client disconnect") return;
        const why = `${reason} ${details?.description?.message ?? details?.message ?? ""} ${details?.context?.status ?? details?.context?.code ?? ""}`;
        put_out(new Error(`${base}: put out: ${why}; heard last: ${JSON.stringify(socket.heard.slice(-3))}`));
    });
    // A connection that ends by its own will ends its upgrade, too.
    socket.io.engine.on("upgradeError", ({ message }) => {
        if (!message.endsWith("socket closed")) put_out(new Error(`${base}: no upgrade: ${message}`));
    });
    socket.onAny((name, data) => socket.heard.push([name, data]));
    return socket;
}

async function hears(socket, name, test = () => true) {
    const known = () => socket.heard.find(([heard, data]) => heard === name && test(data))?.[1];
    while (known() === undefined) {
        await within(new Promise((resolve) => socket.onAny(resolve)), name);
    }
    return known();
}

async function enters(auth, more) {
    const socket = connect(auth, more);
    await within(new Promise((resolve, reject) => socket.once("connect", resolve).once("connect_error", reject)), "connect");
    await hears(socket, "welcome");
    return socket;
}

async function upgraded(socket) {
    const { engine } = socket.io;
    while (engine.transport.name !== "websocket") {
        await within(new Promise((resolve) => engine.once("upgrade", resolve)), "the upgrade");
    }
}

const alice = await enters({ token });
const bob = await enters({ token: other });
if (way === "upgrade") await Promise.all([upgraded(alice), upgraded(bob)]);
for (const socket of [alice, bob]) {
    const head = await within(socket.emitWithAck("chat.subscribe", { chat_id, after_seq: 0 }), "an acknowledgement");
    assert.equal(head.chat_id, chat_id);
    await hears(socket, "caught_up");
}
for (let n = 1; n <= 20; n++) {
    const message = await within(bob.emitWithAck("chat.send", { chat_id, content: `${way} ${n}`, client_id: `${way}-${n}` }), "an ack");
    assert.equal(message.content, `${way} ${n}`);
}
await hears(alice, "chat.receive", (frame) => frame.message.content === `${way} 20`);
const told = alice.heard.filter(([name]) => name === "new_message").map(([, frame]) => frame);
told.slice(1).forEach((frame, at) => assert.equal(frame.seq, told[at].seq + 1));

const refused = await within(alice.emitWithAck("chat.send", { chat_id, content: " " }), "a refusal");
const error = await hears(alice, "error");
assert.deepEqual(refused.error, error);
assert.deepEqual([error.code, error.event], [1007, "chat.send"]);
alice.emit("chat.send", "no object");
await hears(alice, "error", ({ code }) => code === 1003);

// Bytes mean nothing; who waits for an answer gets one.
const bytes = await within(alice.emitWithAck("chat.send", { chat_id, content: new Uint8Array([1, 2]) }), "an answer to bytes");
assert.deepEqual([bytes.error.code, bytes.error.event], [1003, "chat.send"]);

// Away for a while, and back: by the next address, from the last entry on.
const last = told.at(-1);
alice.disconnect();
for (let n = 21; n <= 40; n++) bob.emit("chat.send", { chat_id, content: `${way} ${n}` });
await hears(bob, "chat.receive", (frame) => frame.message.content === `${way} 40`);
const back = await enters({ token });
await back.emitWithAck("chat.subscribe", { chat_id, after_seq: last.seq, after_id: last.id });
await hears(back, "caught_up");
const missed = back.heard.filter(([name]) => name === "chat.receive").map(([, frame]) => frame);
assert.deepEqual(missed.map(({ seq }) => seq), Array.from({ length: 20 }, (_, n) => last.seq + 1 + n));
back.emit("chat.subscribe", { chat_id, after_seq: last.seq, after_id: chat_id });
await hears(back, "reset");

// By a header, where the client can set one.
const headed = await enters({}, { extraHeaders: { authorization: `Bearer ${token}` } });
const stranger = connect({ token: "nonsense" });
const why = await within(new Promise((resolve) => stranger.once("connect_error", resolve)), "a refusal");
assert.equal(why.data.code, 4401);
for (const socket of [headed, back, bob]) socket.disconnect();
console.log(`socket.io-client: they talked by ${way}`);
process.exit(0);
