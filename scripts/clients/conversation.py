"""A conversation by openapi-python-client."""

import os
import secrets

from made.python import AuthenticatedClient, Client
from made.python.api.auth import login, register
from made.python.api.chats import create_chat, delete_chat, join_chat, list_chats
from made.python.api.files import upload_file
from made.python.api.messages import list_messages, read_log, send_message
from made.python.models import (
    ChatSummaryList,
    ErrorCode,
    Login,
    NewChat,
    NewMessage,
    NewMessageEntry,
    Problem,
    Registration,
    UploadFileBody,
)
from made.python.types import File

BASE = os.environ["BASE"]


def joins(name):
    stranger = Client(base_url=BASE)
    email = f"{name}{secrets.token_hex(6)}@example.com"
    made = register.sync(client=stranger, body=Registration(email=email, password="trunkline1", name=name))
    assert made.name == name, made
    pair = login.sync(client=stranger, body=Login(email=email, password="trunkline1"))
    return AuthenticatedClient(base_url=BASE, token=pair.access_token)


alice, bob = joins("alice"), joins("bob")
chat = create_chat.sync(client=alice, body=NewChat(title="Lobby " + secrets.token_hex(6)))
assert join_chat.sync(chat.id, client=bob).role == "member"
fresh = list_chats.sync(client=alice)
assert isinstance(fresh, ChatSummaryList) and fresh.items[0].last_message is None, fresh
said = send_message.sync(chat.id, client=bob, body=NewMessage(content="hello"))
assert said.content == "hello" and said.edited_at is None, said
listed = list_messages.sync(chat.id, client=alice)
assert [message.content for message in listed.items] == ["hello"], listed
log = read_log.sync(chat.id, client=alice)
told = [entry.message.content for entry in log.items if isinstance(entry, NewMessageEntry)]
assert told == ["hello"], log
refused = delete_chat.sync(chat.id, client=bob)
assert isinstance(refused, Problem) and refused.code == ErrorCode.FORBIDDEN, refused
with open(__file__, "rb") as text:
    upload = upload_file.sync(client=alice, body=UploadFileBody(file=File(payload=text, file_name="note.py")))
assert upload.size == os.path.getsize(__file__), upload
print("openapi-python-client: they talked")
