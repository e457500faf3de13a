// A conversation by openapi-typescript and openapi-fetch.

import createClient from 'openapi-fetch';
import { base, check, fresh, have, type Same } from './check';
import type { components, paths } from './made/openapi';

type Schemas = components['schemas'];
const lastMessage: Same<NonNullable<Schemas['ChatSummary']['last_message']>, Schemas['Message']> = true;
const content: Same<Schemas['Message']['content'], string | null> = true;
const kind: Same<Schemas['Message']['kind'], 'text' | 'media' | 'system'> = true;
check(lastMessage && content && kind, 'types');

const stranger = createClient<paths>({ baseUrl: base });

async function joins(name: string) {
    const email = `${fresh(name)}@example.com`;
    const made = await stranger.POST('/api/v1/auth/register', { body: { email, password: 'trunkline1', name } });
    const user = have(made.data, 'account');
    const pair = await stranger.POST('/api/v1/auth/login', { body: { email, password: 'trunkline1' } });
    const { access_token, token_type } = have(pair.data, 'tokens');
    return { user, api: createClient<paths>({ baseUrl: base, headers: { authorization: `${token_type} ${access_token}` } }) };
}

const alice = await joins('alice');
const bob = await joins('bob');
const chat = have((await alice.api.POST('/api/v1/chats', { body: { title: fresh('Lobby') } })).data, 'chat');
const path = { chat_id: chat.id };
have((await bob.api.POST('/api/v1/chats/{chat_id}/join', { params: { path } })).data, 'membership');
const said = have(
    (await bob.api.POST('/api/v1/chats/{chat_id}/messages', { params: { path }, body: { content: 'hello' } })).data,
    'message',
);
const listed = have((await alice.api.GET('/api/v1/chats')).data, 'list of chats');
const mine = have(listed.items.find((item) => item.id === chat.id), 'chat in the list');
check(mine.last_message?.content === 'hello' && mine.unread_count === 1, 'what is new');
await alice.api.PATCH('/api/v1/chats/{chat_id}', { params: { path }, body: { description: 'for all' } });
const log = have((await alice.api.GET('/api/v1/chats/{chat_id}/log', { params: { path } })).data, 'log');
const told = log.items.map((entry) => {
    switch (entry.type) {
        case 'new_message':
            return entry.message.content;
        case 'chat_updated':
            return entry.chat.description;
        case 'member_joined':
            return entry.member.name;
        default:
            return entry.type;
    }
});
check(['hello', 'for all', 'bob'].every((word) => told.includes(word)), `the log: ${told.join(', ')}`);
const refused = await bob.api.DELETE('/api/v1/chats/{chat_id}', { params: { path } });
check(refused.error?.code === 'forbidden' && refused.response.status === 403, 'only the creator deletes');
const missing = await alice.api.GET('/api/v1/chats/{chat_id}/messages/{message_id}', {
    params: { path: { ...path, message_id: chat.id } },
});
check(missing.error?.code === 'not_found', 'what is not there');
const recalled = await bob.api.DELETE('/api/v1/chats/{chat_id}/messages/{message_id}', {
    params: { path: { ...path, message_id: said.id } },
});
check(recalled.response.status === 204, 'recalled');
const upload = await alice.api.POST('/api/v1/uploads', {
    body: { file: '' },
    bodySerializer: () => {
        const form = new FormData();
        form.append('file', new Blob(['hello']), 'note.txt');
        return form;
    },
});
check(have(upload.data, 'upload').size === 5, 'the upload');
console.log('openapi-typescript: they talked');
