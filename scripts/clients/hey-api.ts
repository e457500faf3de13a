// A conversation by @hey-api/openapi-ts.

import { base, check, fresh, have, type Same } from './check';
import { createClient } from './made/hey-api/client';
import * as api from './made/hey-api';

const lastMessage: Same<NonNullable<api.ChatSummary['last_message']>, api.Message> = true;
// The browser's File, not a schema of that name.
const file: Same<api.UploadFileData['body']['file'], Blob | File> = true;
check(lastMessage && file, 'types');

const stranger = createClient({ baseUrl: base });

async function joins(name: string) {
    const email = `${fresh(name)}@example.com`;
    have((await api.register({ client: stranger, body: { email, password: 'trunkline1', name } })).data, 'account');
    const pair = await api.login({ client: stranger, body: { email, password: 'trunkline1' } });
    return createClient({ baseUrl: base, auth: have(pair.data, 'tokens').access_token });
}

const alice = await joins('alice');
const bob = await joins('bob');
const chat = have((await api.createChat({ client: alice, body: { title: fresh('Lobby') } })).data, 'chat');
const path = { chat_id: chat.id };
have((await api.joinChat({ client: bob, path })).data, 'membership');
have((await api.sendMessage({ client: bob, path, body: { content: 'hello' } })).data, 'message');
const listed = have((await api.listMessages({ client: alice, path })).data, 'messages');
check(listed.items[0]?.content === 'hello' && listed.total === 1, 'the messages');
const log = have((await api.readLog({ client: alice, path })).data, 'log');
const words = log.items.map((entry) => (entry.type === 'new_message' ? entry.message.content : null));
check(words.includes('hello'), 'the log');
const refused = await api.deleteChat({ client: bob, path });
check(refused.error?.code === 'forbidden', 'only the creator deletes');
const upload = await api.uploadFile({ client: alice, body: { file: new Blob(['hello']) } });
check(have(upload.data, 'upload').size === 5, 'the upload');
console.log('hey-api: they talked');
