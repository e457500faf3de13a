// A conversation by orval.

import { check, fresh } from './check';
import * as api from './made/orval';

async function joins(name: string): Promise<RequestInit> {
    const email = `${fresh(name)}@example.com`;
    const made = await api.register({ email, password: 'trunkline1', name });
    check(made.status === 201, 'an account');
    const pair = await api.login({ email, password: 'trunkline1' });
    check(pair.status === 200, 'tokens');
    return { headers: { authorization: `Bearer ${pair.data.access_token}` } };
}

const alice = await joins('alice');
const bob = await joins('bob');
const chat = await api.createChat({ title: fresh('Lobby') }, alice);
check(chat.status === 201, 'a chat');
const joined = await api.joinChat(chat.data.id, bob);
check(joined.status === 200, 'a membership');
const said = await api.sendMessage(chat.data.id, { content: 'hello' }, bob);
check(said.status === 201 && said.data.kind === 'text', 'a message');
const listed = await api.listMessages(chat.data.id, { search: 'hello' }, alice);
check(listed.status === 200 && listed.data.items[0]?.content === 'hello', 'the messages');
const log = await api.readLog(chat.data.id, {}, alice);
check(log.status === 200, 'the log');
const words = log.data.items.map((entry) => (entry.type === 'new_message' ? entry.message.content : null));
check(words.includes('hello'), 'the log');
const refused = await api.deleteChat(chat.data.id, bob);
check(refused.status === 403 && refused.data.code === 'forbidden', 'only the creator deletes');
console.log('orval: they talked');
